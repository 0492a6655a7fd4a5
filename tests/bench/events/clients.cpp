// Thousands of browsers at one event stream, in one process.
//
//   events_clients PORT CLIENTS SECONDS SEED [plain]
//
// A fifth of them come late. Each leaves about once in 20 s and comes back with
// its Last-Event-ID, by header or by query. 50 stop to read for a while. In the
// last quarter all stay and read, so that they get what they missed. Prints
// what they saw as JSON. With `plain`, frames need no id, and nobody stalls.
#include "crowd.hpp"
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

void crowd::print() {
  auto& late = all_.latencies;
  std::sort(late.begin(), late.end());
  auto part = [&](double share) {
    return late.empty()
             ? 0.0
             : static_cast<double>(late[std::min(
               late.size() - 1,
               static_cast<size_t>(share * static_cast<double>(late.size())))]);
  };
  uint64_t newest = 0, connected = 0, early = 0, early_events = 0;
  for (const auto& x : clients_) {
    newest = std::max(newest, x.last);
    connected += x.socket >= 0 && x.has_head ? 1 : 0;
    if (x.is_late_kind)
      continue;
    ++early;
    early_events += x.events;
  }
  auto behind = std::count_if(clients_.begin(), clients_.end(),
                              [&](auto& x) { return x.last != newest; });
  auto number = [](uint64_t x) {
    return static_cast<unsigned long long>(x);
  };
  std::printf(
    "{\"frames\":%llu,\"doubles\":%llu,\"holes\":%llu,\"behind\":%lld,"
    "\"newest\":%llu,\"connected\":%llu,\"connects\":%llu,"
    "\"failures\":%llu,\"refusals\":%llu,\"dropped\":%llu,"
    "\"hellos\":%llu,\"missed\":%llu,\"early\":%llu,"
    "\"early_events\":%llu,",
    number(all_.frames), number(all_.doubles), number(all_.holes),
    static_cast<long long>(behind), number(newest), number(connected),
    number(all_.connects), number(all_.failures), number(all_.refusals),
    number(all_.dropped), number(all_.hellos), number(all_.missed),
    number(early), number(early_events));
  std::printf("\"measured\":%zu,\"p50_ms\":%.2f,\"p99_ms\":%.2f,"
              "\"max_ms\":%.2f,\"gaps\":{",
              late.size(), part(0.5), part(0.99), part(1));
  const char* comma = "";
  for (const auto& [reason, count] : all_.gaps) {
    std::printf("%s\"%s\":%llu", comma, reason.c_str(), number(count));
    comma = ",";
  }
  std::printf("}}\n");
}

int main(int argc, char** argv) {
  if (argc < 5)
    return 2;
  ::signal(SIGPIPE, SIG_IGN);
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  options asked;
  asked.port = static_cast<uint16_t>(std::atoi(argv[1]));
  asked.clients = std::atoi(argv[2]);
  asked.seconds = std::atof(argv[3]);
  asked.is_plain = argc > 5 && std::strcmp(argv[5], "plain") == 0;
  crowd all{asked, static_cast<unsigned>(std::atoi(argv[4]))};
  all.run();
  all.print();
  return 0;
}
