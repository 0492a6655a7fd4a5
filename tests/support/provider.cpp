#include "tests/support/provider.hpp"

#include "services/http_client/http_client.hpp"
#include "tests/support/test.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace darkroom {

provider::provider() {
  std::string here = DARKROOM_SOURCE_DIR "/tests/support";
  if (std::system((here + "/npm-install").c_str()) != 0)
    CAF_FAIL("tests/support/npm-install failed");
  int to[2], from[2];
  if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
    CAF_FAIL("no pipe for the provider");
  pid_ = fork();
  if (pid_ == 0) {
    dup2(to[0], 0);
    dup2(from[1], 1);
    execlp("node", "node", (here + "/provider.mjs").c_str(), nullptr);
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  stdin_ = to[1];
  auto urls = nlohmann::json::parse(read_line(from[0]), nullptr, false);
  close(from[0]);
  if (!urls.is_object())
    CAF_FAIL("tests/support/provider.mjs did not start");
  base_url = urls["provider"].get<std::string>() + "/v1";
  odd_url = urls["odd"].get<std::string>();
}

provider::~provider() {
  close(stdin_);
  waitpid(pid_, nullptr, 0);
}

nlohmann::json provider::journal() const {
  return ask("/journal");
}

nlohmann::json provider::last_hook() const {
  return ask("/last-hook");
}

nlohmann::json provider::ask(const std::string& path) const {
  http_client client;
  auto answer = client.send({odd_url + path, "{}", {}}, nullptr);
  return answer ? nlohmann::json::parse(*answer) : nlohmann::json();
}

std::string provider::read_line(int from) {
  std::string line;
  for (char c; read(from, &c, 1) == 1 && c != '\n';)
    line += c;
  return line;
}

} // namespace darkroom
