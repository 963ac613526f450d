// Loads an HTTP/1.1 proxy with keep-alive POSTs and measures what they cost it.
//
//   load -p PORT -b BODY_FILE [-u PATH] [-t TOKEN_FILE -n TOKENS] [-c CONNECTIONS] [-d SECONDS] [-w WARM_UP] [-r RATE] [-P PID,PID]
//
// Without -r each connection sends its next request when the answer is there; with -r requests leave at a fixed rate and latency
// counts from the moment they should have left. -t holds one bearer token a line, taken in turn. -P names the processes whose CPU
// time is charged to the requests. Prints one line of JSON. An answer is good if it is 200, holds a result and not AUTH-LEAKED.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

typedef unsigned long long nanoseconds;

enum { ANSWER_ROOM = 1 << 20, BUCKETS = 4096 };

struct connection {
  int fd, busy, head;  // head: which of the prepared request heads is on its way
  size_t sent, received;
  nanoseconds begun;
  char *answer;
};

static struct connection *connections;
static struct sockaddr_in address;
static int epoll, connection_count = 64, head_count = 1, next_head;
static char **heads, *body;
static size_t *head_sizes, body_size;
static unsigned long long histogram[BUCKETS], good, bad, broken, done, reconnected;
static char bad_sample[300];
static int bad_status;

static nanoseconds now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

// Microseconds in a logarithmic histogram: exact under 64, then 64 buckets per power of two.
static int bucket(unsigned long long us) {
  if (us < 64) return us;
  int power = 63 - __builtin_clzll(us);
  return 64 + (power - 6) * 64 + ((us >> (power - 6)) & 63);
}

static double bucket_value(int b) {
  return b < 64 ? b : (double)((64ull + (b - 64) % 64) << ((b - 64) / 64));
}

static double percentile(double part) {
  unsigned long long total = 0, seen = 0;
  for (int i = 0; i < BUCKETS; i++) total += histogram[i];
  for (int i = 0; i < BUCKETS && total; i++)
    if ((seen += histogram[i]) >= total * part) return bucket_value(i);
  return 0;
}

// CPU time of all threads of the processes, from the scheduler's accounting.
static nanoseconds cpu_time(const char *pids) {
  nanoseconds sum = 0;
  char list[256], *rest = NULL;
  snprintf(list, sizeof list, "%s", pids);
  for (char *pid = strtok_r(list, ",", &rest); pid; pid = strtok_r(NULL, ",", &rest)) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%s/task", pid);
    DIR *tasks = opendir(path);
    for (struct dirent *task; tasks && (task = readdir(tasks));) {
      char file_name[400];
      nanoseconds spent;
      snprintf(file_name, sizeof file_name, "%s/%s/schedstat", path, task->d_name);
      FILE *file = task->d_name[0] == '.' ? NULL : fopen(file_name, "r");
      if (file && fscanf(file, "%llu", &spent) == 1) sum += spent;
      if (file) fclose(file);
    }
    if (tasks) closedir(tasks);
  }
  return sum;
}

static void watch(struct connection *c, int operation, unsigned events) {
  epoll_ctl(epoll, operation, c->fd, &(struct epoll_event){.events = events, .data.ptr = c});
}

static void open_connection(struct connection *c) {
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (connect(c->fd, (void *)&address, sizeof address)) {
    perror("load");
    exit(2);
  }
  fcntl(c->fd, F_SETFL, O_NONBLOCK);
  watch(c, EPOLL_CTL_ADD, EPOLLIN);
  c->busy = 0;
  c->received = 0;
}

static void send_rest(struct connection *c) {
  size_t head = head_sizes[c->head];
  while (c->sent < head + body_size) {
    struct iovec parts[2] = {{heads[c->head] + c->sent, head - c->sent}, {body, body_size}};
    int first = c->sent >= head;
    if (first) parts[1] = (struct iovec){body + (c->sent - head), body_size - (c->sent - head)};
    ssize_t n = writev(c->fd, parts + first, 2 - first);
    if (n < 0) {
      if (errno == EAGAIN) watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
      else broken++;
      return;
    }
    c->sent += n;
  }
}

static void begin(struct connection *c, nanoseconds at) {
  c->busy = 1;
  c->sent = c->received = 0;
  c->begun = at;
  c->head = next_head;
  next_head = (next_head + 1) % head_count;
  send_rest(c);
}

// Whether the answer is whole.
static int is_whole(struct connection *c) {
  char *end = memmem(c->answer, c->received, "\r\n\r\n", 4);
  if (!end) return 0;
  size_t head = end - c->answer + 4;
  long length = 0;
  for (char *line = c->answer; line < end;) {
    char *next = memchr(line, '\n', c->answer + head - line);
    if (!next) break;
    if (!strncasecmp(line, "content-length:", 15)) length = atol(line + 15);
    if (!strncasecmp(line, "transfer-encoding:", 18))
      return c->received - head >= 5 && !memcmp(c->answer + c->received - 5, "0\r\n\r\n", 5);
    line = next + 1;
  }
  return c->received >= head + length;
}

static void judge(struct connection *c) {
  int is_good = !memcmp(c->answer + 9, "200", 3) && memmem(c->answer, c->received, "\"result\"", 8) &&
                !memmem(c->answer, c->received, "AUTH-LEAKED", 11);
  done++;
  histogram[bucket((now() - c->begun) / 1000)]++;
  if (is_good) {
    good++;
    return;
  }
  if (!bad++) {
    bad_status = atoi(c->answer + 9);
    snprintf(bad_sample, sizeof bad_sample, "%.*s", (int)(c->received < 299 ? c->received : 299), c->answer);
    for (char *p = bad_sample; *p; p++)
      if (*p < 32 || *p == '"' || *p == '\\') *p = ' ';
  }
}

// Takes what arrived; true when the connection is free for its next request.
static int read_answer(struct connection *c) {
  ssize_t n = read(c->fd, c->answer + c->received, ANSWER_ROOM - c->received);
  if (n < 0 && errno == EAGAIN) return 0;
  if (n <= 0) {
    int was_busy = c->busy;
    broken += was_busy;
    reconnected++;
    close(c->fd);
    open_connection(c);
    return was_busy;
  }
  c->received += n;
  if (!c->busy || !is_whole(c)) return 0;
  judge(c);
  c->busy = 0;
  if (memmem(c->answer, c->received, "onnection: close", 16)) {
    reconnected++;
    close(c->fd);
    open_connection(c);
  }
  return 1;
}

static char *read_file(const char *name, size_t *size) {
  FILE *file = fopen(name, "r");
  if (!file) return perror(name), exit(1), NULL;
  fseek(file, 0, SEEK_END);
  *size = ftell(file);
  rewind(file);
  char *bytes = malloc(*size + 1);
  if (fread(bytes, 1, *size, file) != *size) exit(1);
  fclose(file);
  bytes[*size] = 0;
  return bytes;
}

static void prepare_heads(const char *path, int port, const char *token_file) {
  size_t size;
  char *tokens = token_file ? read_file(token_file, &size) : NULL, *rest = NULL;
  heads = calloc(head_count, sizeof *heads);
  head_sizes = calloc(head_count, sizeof *head_sizes);
  for (int i = 0; i < head_count; i++) {
    char *token = tokens ? strtok_r(i ? NULL : tokens, "\n", &rest) : NULL;
    if (tokens && !token) {
      head_count = i;
      break;
    }
    int n = asprintf(&heads[i],
                     "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
                     "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-06-18\r\nUser-Agent: load/1\r\n"
                     "%s%s%sContent-Length: %zu\r\n\r\n",
                     path, port, token ? "Authorization: Bearer " : "", token ? token : "", token ? "\r\n" : "", body_size);
    if (n < 0) exit(1);
    head_sizes[i] = n;
  }
}

int main(int count, char **arguments) {
  int port = 0, option;
  double duration = 5, warm_up = 1, rate = 0;
  const char *body_file = NULL, *token_file = NULL, *path = "/mcp", *pids = "";
  while ((option = getopt(count, arguments, "p:u:b:t:n:c:d:w:r:P:")) > 0) switch (option) {
      case 'p': port = atoi(optarg); break;
      case 'u': path = optarg; break;
      case 'b': body_file = optarg; break;
      case 't': token_file = optarg; break;
      case 'n': head_count = atoi(optarg); break;
      case 'c': connection_count = atoi(optarg); break;
      case 'd': duration = atof(optarg); break;
      case 'w': warm_up = atof(optarg); break;
      case 'r': rate = atof(optarg); break;
      case 'P': pids = optarg; break;
      default: return 2;
    }
  if (!port || !body_file) return fprintf(stderr, "load: -p and -b are needed\n"), 2;
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_TIMERSLACK, 1);
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){20000, 20000});
  body = read_file(body_file, &body_size);
  prepare_heads(path, port, token_file);
  address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  epoll = epoll_create1(0);
  connections = calloc(connection_count, sizeof *connections);
  struct connection **idle = calloc(connection_count, sizeof *idle);
  int idle_count = 0;
  for (int i = 0; i < connection_count; i++) {
    connections[i].answer = malloc(ANSWER_ROOM);
    open_connection(&connections[i]);
    if (rate > 0) idle[idle_count++] = &connections[i];
    else begin(&connections[i], now());
  }
  nanoseconds started = now(), measure_from = started + warm_up * 1e9, end = measure_from + duration * 1e9;
  nanoseconds gap = rate > 0 ? 1e9 / rate : 0, next = started, cpu_before = 0, measured_from = 0;
  for (struct epoll_event events[128];;) {
    nanoseconds t = now();
    if (!measured_from && t >= measure_from) {
      good = bad = broken = done = 0;
      memset(histogram, 0, sizeof histogram);
      cpu_before = cpu_time(pids);
      measured_from = now();
    }
    if (t >= end) break;
    struct timespec wait = {0, 100000000};
    for (; rate > 0 && next <= t && idle_count; next += gap) begin(idle[--idle_count], next);
    if (rate > 0 && idle_count && next - t < 100000000) wait.tv_nsec = next > t ? next - t : 0;
    int ready = epoll_pwait2(epoll, events, 128, &wait, NULL);
    for (int i = 0; i < ready; i++) {
      struct connection *c = events[i].data.ptr;
      if (events[i].events & EPOLLOUT) {
        send_rest(c);
        if (c->sent >= head_sizes[c->head] + body_size) watch(c, EPOLL_CTL_MOD, EPOLLIN);
      }
      if (!(events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) || !read_answer(c)) continue;
      if (rate > 0) idle[idle_count++] = c;
      else begin(c, now());
    }
  }
  nanoseconds cpu = cpu_time(pids) - cpu_before;
  double elapsed = (now() - measured_from) / 1e9;
  printf("{\"rps\":%.0f,\"ok\":%llu,\"bad\":%llu,\"badstatus\":%d,\"errs\":%llu,\"reconn\":%llu,\"p50_us\":%.0f,\"p90_us\":%.0f,"
         "\"p99_us\":%.0f,\"max_us\":%.0f,\"cpu_us_per_req\":%.2f,\"proxy_cpu_frac\":%.3f,\"elapsed\":%.2f,\"conns\":%d,\"rate\":%.0f,"
         "\"body\":%zu,\"ntok\":%d,\"badsample\":\"%s\"}\n",
         done / elapsed, good, bad, bad_status, broken, reconnected, percentile(.5), percentile(.9), percentile(.99), percentile(1),
         done ? cpu / 1e3 / done : 0, cpu / 1e9 / elapsed, elapsed, connection_count, rate, body_size, head_count, bad_sample);
}
