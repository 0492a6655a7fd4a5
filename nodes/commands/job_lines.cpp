#include "nodes/commands/job_lines.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace darkroom {

namespace {

/// A longer line is not a job: the file has no lines.
constexpr size_t longest_job_line = size_t{64} << 20; ///< bytes

error unreadable(const std::string& name, const std::string& why) {
  auto shown = name == "-" ? std::string{"the standard input"}
                           : "'" + name + "'";
  return fail(ec::bad_input, "--bulk: cannot read " + shown + ": " + why);
}

} // namespace

void job_lines::file_closer::operator()(std::FILE* file) const {
  std::fclose(file); // NOLINT(cppcoreguidelines-owning-memory): a deleter
}

job_lines::job_lines(file opened, std::string name)
  : file_(std::move(opened)),
    name_(std::move(name)) {}

result<job_lines::file> job_lines::copied(std::FILE* from,
                                          const std::string& name) {
  file copy{std::tmpfile()};
  if (!copy)
    return fail(ec::storage_failed, "--bulk: cannot make a temporary file: "
                                      + std::string{std::strerror(errno)});
  std::vector<char> block(size_t{1} << 16);
  while (auto got = std::fread(block.data(), 1, block.size(), from))
    if (std::fwrite(block.data(), 1, got, copy.get()) != got)
      return fail(ec::storage_failed, "--bulk: cannot write a temporary file: "
                                        + std::string{std::strerror(errno)});
  if (std::ferror(from) != 0)
    return unreadable(name, std::strerror(errno));
  return copy;
}

result<job_lines> job_lines::open(const std::string& name) {
  if (name == "-") {
    auto copy = copied(stdin, name);
    if (!copy)
      return std::move(copy.error());
    return job_lines{std::move(*copy), name};
  }
  file opened{std::fopen(name.c_str(), "re")};
  struct stat about {};
  if (!opened || ::fstat(::fileno(opened.get()), &about) != 0)
    return unreadable(name, std::strerror(errno));
  if (S_ISREG(about.st_mode))
    return job_lines{std::move(opened), name};
  auto copy = copied(opened.get(), name);
  if (!copy)
    return std::move(copy.error());
  return job_lines{std::move(*copy), name};
}

status job_lines::rewind() {
  if (std::fseek(file_.get(), 0, SEEK_SET) != 0)
    return unreadable(name_, std::strerror(errno));
  return ok;
}

bool job_lines::next(std::string& line) {
  line.clear();
  for (int c = 0; (c = ::getc_unlocked(file_.get())) != EOF;) {
    if (c == '\n')
      return true;
    if (line.size() == longest_job_line)
      return true; // too long; the caller refuses it as invalid JSON
    line += static_cast<char>(c);
  }
  return !line.empty();
}

status job_lines::failure() const {
  if (std::ferror(file_.get()) == 0)
    return ok;
  return unreadable(name_, std::strerror(errno));
}

} // namespace darkroom
