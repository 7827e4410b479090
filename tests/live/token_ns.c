// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * token_ns DIR COMMAND...: a command in its own user namespace, with a BPF file system on DIR that
 * delegates everything to it. The namespace opens the file system; the parent, which is privileged,
 * sets the delegation and mounts it.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void need(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(77);
}

static void send_fd(int sock, int fd)
{
	char byte = 'x', room[CMSG_SPACE(sizeof(int))] = "";
	struct iovec v = { &byte, 1 };
	struct msghdr m = {
		.msg_iov = &v, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	need(sendmsg(sock, &m, 0) == 1, "sendmsg");
}

static int take_fd(int sock)
{
	char byte, room[CMSG_SPACE(sizeof(int))];
	struct iovec v = { &byte, 1 };
	struct msghdr m = {
		.msg_iov = &v, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)
	};
	int fd;

	need(recvmsg(sock, &m, 0) == 1 && CMSG_FIRSTHDR(&m), "recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	return fd;
}

static void inside(int sock, char **argv)
{
	char byte;
	int fd;

	need(!unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare");
	need(write(sock, "u", 1) == 1 && read(sock, &byte, 1) == 1, "wait for the maps");
	fd = fsopen("bpf", 0);
	need(fd >= 0, "fsopen");
	send_fd(sock, fd);
	fd = take_fd(sock);
	need(!move_mount(fd, "", AT_FDCWD, argv[1], MOVE_MOUNT_F_EMPTY_PATH), "move_mount");
	execvp(argv[2], argv + 2);
	need(0, argv[2]);
}

static void map_root(pid_t pid, const char *file)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	fd = open(path, O_WRONLY);
	need(fd >= 0 && write(fd, "0 0 1", 5) == 5, path);
	close(fd);
}

int main(int argc, char **argv)
{
	static const char *const options[] = { "delegate_cmds", "delegate_maps", "delegate_progs",
					       "delegate_attachs" };
	int socks[2], status, fd, mount;
	char byte;
	pid_t pid;

	need(argc > 2 && !socketpair(AF_UNIX, SOCK_STREAM, 0, socks), "socketpair");
	pid = fork();
	if (!pid)
		inside(socks[1], argv);
	close(socks[1]);
	need(pid > 0 && read(socks[0], &byte, 1) == 1, "wait for the namespace");
	map_root(pid, "uid_map");
	map_root(pid, "gid_map");
	need(write(socks[0], "m", 1) == 1, "write");
	fd = take_fd(socks[0]);
	for (int i = 0; i < 4; i++)
		need(!fsconfig(fd, FSCONFIG_SET_STRING, options[i], "any", 0), options[i]);
	need(!fsconfig(fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0), "create");
	mount = fsmount(fd, 0, 0);
	need(mount >= 0, "fsmount");
	send_fd(socks[0], mount);
	need(waitpid(pid, &status, 0) == pid && WIFEXITED(status), "waitpid");
	return WEXITSTATUS(status);
}
