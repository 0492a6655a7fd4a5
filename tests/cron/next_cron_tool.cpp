/// Reads lines "after_ms<TAB>zone<TAB>pattern" and writes, for each, when the
/// pattern matches next (ms), or "error: why". For tests/cron/run.
#include "services/cron/next_cron.hpp"

#include <iostream>
#include <string>

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string after, zone, pattern; std::getline(std::cin, after, '\t')
                                         && std::getline(std::cin, zone, '\t')
                                         && std::getline(std::cin, pattern);) {
    auto next = darkroom::next_cron(pattern, zone, std::stoll(after));
    if (next)
      std::cout << *next << '\n';
    else
      std::cout << "error: " << next.error().context << '\n';
  }
}
