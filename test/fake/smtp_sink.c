/* An SMTP server that swallows mail as fast as it comes, for measuring: smtp_sink FOLDER [--store]
 *
 * One thread, epoll, fixed memory. It writes FOLDER/port when it listens and keeps FOLDER/count ("MESSAGES BYTES",
 * after each message);
 * --store appends what came after each 354, dots and all, to FOLDER/messages. It does not check anything: for that
 * there is smtp_peer.py. Ends on SIGTERM. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 1024, ROOM = 16384, EVENTS = 64 };

struct connection {
    int fd; /* 0: free */
    bool in_body;
    size_t matched; /* of the end of a body */
    size_t used;    /* of `in`: a command not complete yet */
    char in[2048];
};

static struct connection connections[MAX_CONNECTIONS];
static uint64_t messages, bytes;
static int count_fd, store_fd = -1;

static const char body_end[] = "\r\n.\r\n";

static void note_message(void) {
    char text[64];
    messages++;
    int n = snprintf(text, sizeof text, "%012llu %015llu\n", (unsigned long long)messages, (unsigned long long)bytes);
    if (pwrite(count_fd, text, (size_t)n, 0) != n) perror("count");
}

static bool say(const struct connection *c, const char *text) {
    size_t n = strlen(text);
    return send(c->fd, text, n, MSG_NOSIGNAL) == (ssize_t)n;
}

/* Takes body bytes up to and with the final dot; returns how many were of the body. */
static size_t take_body(struct connection *c, const char *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (c->matched == 0) {
            const char *next = memchr(p + i, '\r', n - i);
            if (!next) return n;
            i = (size_t)(next - p);
        }
        c->matched = p[i] == body_end[c->matched] ? c->matched + 1 : p[i] == '\r' ? 1 : 0;
        if (c->matched == sizeof body_end - 1) {
            c->in_body = false;
            return i + 1;
        }
    }
    return n;
}

/* False when the connection is over. */
static bool answer(struct connection *c, const char *line) {
    static const struct {
        const char *verb, *reply;
    } replies[] = {
        {"EHLO", "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 52428800\r\n"},
        {"HELO", "250 sink.test\r\n"},
        {"MAIL", "250 2.1.0 ok\r\n"},
        {"RCPT", "250 2.1.5 ok\r\n"},
        {"RSET", "250 2.0.0 ok\r\n"},
        {"NOOP", "250 2.0.0 ok\r\n"},
    };
    if (strncasecmp(line, "QUIT", 4) == 0) {
        say(c, "221 2.0.0 bye\r\n");
        return false;
    }
    if (strncasecmp(line, "DATA", 4) == 0) {
        c->in_body = true;
        c->matched = 2; /* the line end of DATA counts as the first */
        return say(c, "354 end with a dot\r\n");
    }
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++)
        if (strncasecmp(line, replies[i].verb, 4) == 0) return say(c, replies[i].reply);
    return say(c, "500 5.5.1 unknown command\r\n");
}

static bool take(struct connection *c, const char *p, size_t n) {
    while (n > 0) {
        if (c->in_body) {
            size_t taken = take_body(c, p, n);
            bytes += taken;
            if (store_fd >= 0 && write(store_fd, p, taken) != (ssize_t)taken) perror("store");
            p += taken;
            n -= taken;
            if (c->in_body) return true;
            note_message();
            if (!say(c, "250 2.0.0 swallowed\r\n")) return false;
            continue;
        }
        const char *end = memchr(p, '\n', n);
        size_t part = end ? (size_t)(end - p) + 1 : n;
        if (c->used + part >= sizeof c->in) return false;
        memcpy(c->in + c->used, p, part);
        c->used += part;
        c->in[c->used] = '\0';
        p += part;
        n -= part;
        if (!end) return true;
        c->used = 0;
        if (!answer(c, c->in)) return false;
    }
    return true;
}

static void accept_all(int epoll, int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        size_t i = 0;
        while (i < MAX_CONNECTIONS && connections[i].fd) i++;
        if (i == MAX_CONNECTIONS) {
            close(fd);
            continue;
        }
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections[i] = (struct connection){.fd = fd};
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 || !say(&connections[i], "220 sink.test ESMTP\r\n")) {
            close(fd);
            connections[i].fd = 0;
        }
    }
}

static void serve(struct connection *c) {
    static char room[ROOM];
    ssize_t n = recv(c->fd, room, sizeof room, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n > 0 && take(c, room, (size_t)n)) return;
    close(c->fd);
    c->fd = 0;
}

static int open_in(const char *folder, const char *name, int flags) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return open(path, flags | O_CREAT | O_CLOEXEC, 0600);
}

static void on_term(int number) {
    (void)number;
    _exit(0);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: smtp_sink FOLDER [--store]\n");
        return 64;
    }
    signal(SIGTERM, on_term);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 256) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) < 0) {
        perror("listen");
        return 1;
    }
    count_fd = open_in(argv[1], "count", O_RDWR | O_TRUNC);
    if (argc > 2 && strcmp(argv[2], "--store") == 0)
        store_fd = open_in(argv[1], "messages", O_WRONLY | O_APPEND | O_TRUNC);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, events[EVENTS];
    if (count_fd < 0 || epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) < 0) {
        perror(argv[1]);
        return 1;
    }
    /* Whole at once: who waits for the file never sees half a number. */
    char text[16], part[4096], path[4096];
    int n = snprintf(text, sizeof text, "%d\n", ntohs(address.sin_port));
    int port_fd = open_in(argv[1], "port.part", O_WRONLY | O_TRUNC);
    if (port_fd < 0 || write(port_fd, text, (size_t)n) != n) return 1;
    close(port_fd);
    snprintf(part, sizeof part, "%s/port.part", argv[1]);
    snprintf(path, sizeof path, "%s/port", argv[1]);
    if (rename(part, path) < 0) return 1;

    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr)
                serve(events[i].data.ptr);
            else
                accept_all(epoll, listener);
        }
    }
}
