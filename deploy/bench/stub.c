// An MCP upstream that costs next to nothing: one thread, epoll.
//
//   stub PORT [INTERVAL_MS [RESULT]]
//
// POST   a small JSON-RPC result with the id of the request; "AUTH-LEAKED" in it if an Authorization field arrived.
//        With a file RESULT, tools/list is answered with its content as result, and so is a call of `search`, but as
//        text/plain, which nobody looks into; eight zeros in it are counted up for a tools/list with a cursor, so that no
//        two answers are the same
// GET    a chunked event stream: a numbered notification at once, then one every INTERVAL_MS (default 10,000)
// DELETE 200
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { MAX_FD = 20000, ROOM = 16384 };

struct peer {
  char *bytes;
  size_t count, room, wanted;
  long events;  // sent on this stream; 0 = not a stream
};

static struct peer *peers[MAX_FD];
static int highest;
static long refused_writes;

static char *large;  // the result of RESULT; NULL without one
static size_t large_size;

static void send_all(int fd, const char *bytes, size_t count) {
  for (ssize_t n; count; bytes += n, count -= n) {
    n = write(fd, bytes, count);
    if (n > 0) continue;
    if (n < 0 && errno == EAGAIN && poll(&(struct pollfd){fd, POLLOUT, 0}, 1, 2000) == 1) {
      n = 0;
      continue;
    }
    if (++refused_writes == 1) fprintf(stderr, "stub: a peer does not keep up\n");
    return;
  }
}

static void read_large(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) perror(path), exit(1);
  large = malloc(16 << 20);
  large_size = fread(large, 1, 16 << 20, file);
  fclose(file);
}

static void send_large(int fd, const char *id, const char *type, int is_new) {
  static unsigned long lists;
  char *digits = is_new ? memmem(large, large_size, "00000000", 8) : NULL;
  char head[256], begun[128];
  int before = snprintf(begun, sizeof begun, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":", id);
  int n = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s", type,
                   before + large_size + 1, begun);
  char *all = malloc(n + large_size + 1);
  memcpy(all, head, n);
  memcpy(all + n, large, large_size);
  if (digits) {
    char count[12];
    snprintf(count, sizeof count, "%08lu", ++lists % 100000000);
    memcpy(all + n + (digits - large), count, 8);
  }
  all[n + large_size] = '}';
  send_all(fd, all, n + large_size + 1);
  free(all);
}

static void end_peer(int fd) {
  free(peers[fd]->bytes);
  free(peers[fd]);
  peers[fd] = NULL;
  close(fd);
}

static void send_event(int fd) {
  char data[160], chunk[200];
  int n = snprintf(data, sizeof data,
                   "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\","
                   "\"params\":{\"level\":\"info\",\"data\":%ld}}\n\n", ++peers[fd]->events);
  int total = snprintf(chunk, sizeof chunk, "%x\r\n%s\r\n", n, data);
  send_all(fd, chunk, total);
}

// What the head says that matters here.
struct head {
  long length;
  int chunked, authorized;
};

static struct head read_head(const char *bytes, size_t count) {
  struct head head = {-1, 0, 0};
  for (const char *line = bytes; line < bytes + count;) {
    const char *end = memchr(line, '\n', bytes + count - line);
    if (!end) break;
    if (!strncasecmp(line, "content-length:", 15)) head.length = atol(line + 15);
    if (!strncasecmp(line, "transfer-encoding:", 18)) head.chunked = 1;
    if (!strncasecmp(line, "authorization:", 14)) head.authorized = 1;
    line = end + 1;
  }
  return head;
}

// Copies the JSON value after `name`, a number or a string with its quotes.
static void copy_value(char *into, size_t room, const char *body, size_t count, const char *name) {
  const char *at = memmem(body, count, name, strlen(name)), *end = body + count;
  if (!at) return;
  for (at += strlen(name); at < end && *at == ' ';) at++;
  size_t n = 0;
  if (at < end && *at == '"') {
    do into[n++] = *at++;
    while (at < end && n < room - 2 && *at != '"');
    into[n++] = '"';
  } else {
    while (at < end && n < room - 1 && *at != ',' && *at != '}') into[n++] = *at++;
  }
  into[n] = 0;
}

static void answer(int fd, const char *body, size_t count, int authorized) {
  char id[64] = "1", method[64] = "", result[600], out[900];
  copy_value(id, sizeof id, body, count, "\"id\":");
  copy_value(method, sizeof method, body, count, "\"method\":");
  if (!strncmp(method, "\"notifications/", 15)) {
    static const char accepted[] = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
    send_all(fd, accepted, sizeof accepted - 1);
    return;
  }
  if (large && !strcmp(method, "\"tools/list\""))
    return send_large(fd, id, "application/json", memmem(body, count, "\"cursor\"", 8) != NULL);
  if (large && memmem(body, count, "\"name\": \"search\"", 16)) return send_large(fd, id, "text/plain", 0);
  const char *value =
      !strcmp(method, "\"initialize\"")
          ? "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{\"listChanged\":false}},"
            "\"serverInfo\":{\"name\":\"stub\",\"version\":\"1\"}}"
      : !strcmp(method, "\"tools/list\"")
          ? "{\"tools\":[{\"name\":\"echo\",\"description\":\"echo\",\"inputSchema\":{\"type\":\"object\"}}]}"
      : !strcmp(method, "\"ping\"") ? "{}"
      : authorized ? "{\"content\":[{\"type\":\"text\",\"text\":\"AUTH-LEAKED\"}],\"isError\":false}"
                   : "{\"content\":[{\"type\":\"text\",\"text\":\"The quick brown fox jumps over the lazy dog; "
                     "pack my box with five dozen liquor jugs.\"}],\"isError\":false}";
  int n = snprintf(result, sizeof result, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}", id, value);
  n = snprintf(out, sizeof out,
               "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", n, result);
  send_all(fd, out, n);
}

// Handles one whole request at the front of the buffer; 0 when it is not whole yet or the peer became a stream.
static int take_request(int fd) {
  struct peer *p = peers[fd];
  if (!p->count || (p->wanted && p->count < p->wanted)) return 0;
  char *end = memmem(p->bytes, p->count, "\r\n\r\n", 4);
  if (!end) return 0;
  size_t head_size = end - p->bytes + 4, body_size = 0;
  struct head head = read_head(p->bytes, head_size);
  if (!strncmp(p->bytes, "GET ", 4)) {
    static const char stream[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                 "Cache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n";
    send_all(fd, stream, sizeof stream - 1);
    p->count = 0;
    p->bytes = realloc(p->bytes, p->room = 512);
    if (fd > highest) highest = fd;
    send_event(fd);
    return 0;
  }
  if (head.length > 0) body_size = head.length;
  if (head.chunked) {
    char *last = memmem(end + 2, p->count - head_size + 2, "\r\n0\r\n\r\n", 7);
    if (!last) return 0;
    body_size = last + 7 - p->bytes - head_size;
  }
  if (p->count < head_size + body_size) {
    p->wanted = head_size + body_size;
    return 0;
  }
  p->wanted = 0;
  if (!strncmp(p->bytes, "DELETE ", 7)) send_all(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 38);
  else answer(fd, p->bytes + head_size, body_size, head.authorized);
  p->count -= head_size + body_size;
  memmove(p->bytes, p->bytes + head_size + body_size, p->count);
  return 1;
}

static void read_peer(int fd) {
  struct peer *p = peers[fd];
  for (;;) {
    if (p->room - p->count < ROOM && !p->events) {
      p->room = p->wanted > p->room * 2 ? p->wanted + 4096 : p->room * 2 + ROOM;
      p->bytes = realloc(p->bytes, p->room);
    }
    if (p->events) p->count = 0;
    size_t space = p->room - p->count;
    ssize_t n = read(fd, p->bytes + p->count, space);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) {
      end_peer(fd);
      return;
    }
    p->count += n;
    while (!p->events && take_request(fd)) {}
    if ((size_t)n < space) return;
  }
}

static void accept_peers(int epoll, int listener) {
  for (int fd, one = 1; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
    if (fd >= MAX_FD) {
      close(fd);
      continue;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    peers[fd] = calloc(1, sizeof *peers[fd]);
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.fd = fd};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  }
}

int main(int count, char **arguments) {
  if (count < 2) return fprintf(stderr, "usage: stub PORT [INTERVAL_MS [RESULT]]\n"), 2;
  long interval = count > 2 ? atol(arguments[2]) : 10000;
  if (count > 3) read_large(arguments[3]);
  signal(SIGPIPE, SIG_IGN);
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){MAX_FD, MAX_FD});
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons(atoi(arguments[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 8192)) return perror("stub"), 1;
  int epoll = epoll_create1(0), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  struct timespec every = {interval / 1000, interval % 1000 * 1000000};
  timerfd_settime(timer, 0, &(struct itimerspec){every, every}, NULL);
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN, .data.fd = listener});
  epoll_ctl(epoll, EPOLL_CTL_ADD, timer, &(struct epoll_event){.events = EPOLLIN, .data.fd = timer});
  for (struct epoll_event events[256];;) {
    int ready = epoll_wait(epoll, events, 256, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      unsigned long long ticks;
      if (fd == listener) {
        accept_peers(epoll, listener);
      } else if (fd == timer) {
        if (read(timer, &ticks, sizeof ticks) == sizeof ticks)
          for (int stream = 0; stream <= highest; stream++)
            if (peers[stream] && peers[stream]->events) send_event(stream);
      } else if (peers[fd]) {
        read_peer(fd);
      }
    }
  }
}
