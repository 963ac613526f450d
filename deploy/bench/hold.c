// Opens many connections and holds them, counting what comes and what the proxy's memory does meanwhile.
//
//   hold MODE PORT CONNECTIONS SECONDS BODY_FILE TOKEN_FILE PIDS
//
// MODE idle: one POST on each connection, which then stays open. MODE sse: a GET stream on each; the stub numbers its events, so
// a lost or doubled one is seen. PIDS: comma-separated, their memory is summed. MCP_PATH in the environment, else /mcp.
// Prints one line of JSON.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct stream {
  char line[512];
  size_t count;
  long last, events, lost;
};

static const char *pids;

// The sum of one figure of smaps_rollup, in KiB.
static long memory(const char *key) {
  char list[256], path[64], line[256], *rest = NULL;
  long sum = 0;
  snprintf(list, sizeof list, "%s", pids);
  for (char *pid = strtok_r(list, ",", &rest); pid; pid = strtok_r(NULL, ",", &rest)) {
    snprintf(path, sizeof path, "/proc/%s/smaps_rollup", pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
      if (!strncmp(line, key, strlen(key))) sum += atol(line + strlen(key));
    if (file) fclose(file);
  }
  return sum;
}

static void take_line(struct stream *s) {
  char *number = strstr(s->line, "\"data\":");
  if (strncmp(s->line, "data:", 5) || !number) return;
  long n = atol(number + 7);
  s->lost += n != s->last + 1;
  s->last = n;
  s->events++;
}

static void take(struct stream *s, const char *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (bytes[i] == '\n') {
      s->line[s->count] = 0;
      take_line(s);
      s->count = 0;
    } else if (s->count < sizeof s->line - 1) {
      s->line[s->count++] = bytes[i];
    }
  }
}

static char *read_file(const char *name, size_t *count) {
  FILE *file = fopen(name, "r");
  if (!file) return perror(name), exit(1), NULL;
  char *bytes = malloc(1 << 22);
  *count = fread(bytes, 1, (1 << 22) - 1, file);
  bytes[*count] = 0;
  fclose(file);
  return bytes;
}

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
  if (count != 8) return fprintf(stderr, "usage: hold idle|sse PORT CONNECTIONS SECONDS BODY TOKENS PIDS\n"), 2;
  int sse = !strcmp(arguments[1], "sse"), port = atoi(arguments[2]), total = atoi(arguments[3]);
  size_t body_size, token_size;
  char *body = read_file(arguments[5], &body_size), *token = read_file(arguments[6], &token_size);
  token[strcspn(token, "\n")] = 0;
  pids = arguments[7];
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){20000, 20000});
  const char *path = getenv("MCP_PATH") ? getenv("MCP_PATH") : "/mcp";
  char *request = malloc(body_size + 16384), first[150] = "", bytes[65536];
  int size = sprintf(request, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nMCP-Protocol-Version: 2025-06-18\r\nAuthorization: Bearer %s\r\n",
                     sse ? "GET" : "POST", path, port, token);
  if (sse) size += sprintf(request + size, "Accept: text/event-stream\r\n\r\n");
  else size += sprintf(request + size, "Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: %zu\r\n\r\n%s", body_size, body);

  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct pollfd *polled = calloc(total, sizeof *polled);
  struct stream *streams = calloc(total, sizeof *streams);
  long rss_before = memory("Rss:"), dirty_before = memory("Private_Dirty:");
  int good = 0;
  for (int i = 0; i < total; i++) {
    struct timeval patience = {10, 0};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    polled[i] = (struct pollfd){fd, POLLIN, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ssize_t n = -1;
    if (!connect(fd, (void *)&address, sizeof address) && write(fd, request, size) == size) n = read(fd, bytes, sizeof bytes);
    if (n > 12 && !memcmp(bytes + 9, "200", 3)) {
      good++;
      take(&streams[i], bytes, n);
    } else if (!first[0]) {
      snprintf(first, sizeof first, "%.*s", n > 0 ? (int)(n < 140 ? n : 140) : 0, bytes);
      for (char *c = first; *c; c++)
        if (*c < 32 || *c == '"' || *c == '\\') *c = ' ';
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
  }
  long rss_open = memory("Rss:"), closed = 0;
  for (double end = seconds() + atof(arguments[4]); seconds() < end;) {
    if (poll(polled, total, 100) <= 0) continue;
    for (int i = 0; i < total; i++) {
      if (polled[i].fd < 0 || !polled[i].revents) continue;
      ssize_t n = read(polled[i].fd, bytes, sizeof bytes);
      if (n > 0) {
        take(&streams[i], bytes, n);
      } else if (n == 0 || errno != EAGAIN) {
        closed++;
        close(polled[i].fd);
        polled[i].fd = -1;
      }
    }
  }
  long rss_end = memory("Rss:"), dirty_end = memory("Private_Dirty:");
  long events = 0, lost = 0, fewest = total ? streams[0].events : 0, most = 0;
  for (int i = 0; i < total; i++) {
    events += streams[i].events;
    lost += streams[i].lost;
    if (streams[i].events < fewest) fewest = streams[i].events;
    if (streams[i].events > most) most = streams[i].events;
  }
  printf("{\"mode\":\"%s\",\"n\":%d,\"good\":%d,\"fail\":%d,\"closed\":%ld,\"events\":%ld,\"fewest\":%ld,\"most\":%ld,\"lost\":%ld,"
         "\"rss0_kb\":%ld,\"rss_open_kb\":%ld,\"rss_end_kb\":%ld,\"kb_per_conn\":%.2f,\"private_dirty_kb_per_conn\":%.2f,\"first\":\"%s\"}\n",
         arguments[1], total, good, total - good, closed, events, fewest, most, lost, rss_before, rss_open, rss_end,
         (double)(rss_end - rss_before) / total, (double)(dirty_end - dirty_before) / total, first);
}
