#include "nodes/commands/confirm.hpp"

#include "services/text/printable.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace darkroom {

status confirm(const std::string& what, bool is_sure) {
  if (is_sure)
    return ok;
  auto shown = printable(what);
  if (::isatty(STDIN_FILENO) == 0)
    return fail(ec::bad_input, "this " + shown
                                 + ": repeat it with --yes if that is meant "
                                   "(there is no terminal to ask)");
  std::fprintf(stderr, "This %s. Type yes to go on: ", shown.c_str());
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "yes" || answer == "y")
    return ok;
  return fail(ec::conflict, "nothing was done");
}

} // namespace darkroom
