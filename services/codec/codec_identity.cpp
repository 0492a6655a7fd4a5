#include "services/codec/codec_identity.hpp"

#include "config/words.hpp"
#include "services/codec/format_trial.hpp"
#include "services/process/trial_memory.hpp"
#include "services/storage/sha256.hpp"

#include <stdlib.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

namespace darkroom {

namespace {

namespace fs = std::filesystem;

constexpr size_t shown_digits = 8; // of a hash; enough to tell libraries apart

/// A folder that goes with its owner.
class passing_folder {
public:
  passing_folder() {
    std::error_code ignored;
    auto form = (fs::temp_directory_path(ignored) / "codec-XXXXXX").string();
    if (::mkdtemp(form.data()) != nullptr)
      path_ = form;
  }
  passing_folder(const passing_folder&) = delete;
  passing_folder& operator=(const passing_folder&) = delete;
  ~passing_folder() {
    std::error_code ignored;
    if (!path_.empty())
      fs::remove_all(path_, ignored);
  }

  /// Empty if it could not be made.
  const std::string& path() const {
    return path_;
  }

private:
  std::string path_;
};

/// "vips 8.17.1 libaom.so.3:123 …" -> "vips 8.17.1, libraries 12ab34cd".
std::string shortened(const std::string& libraries) {
  sha256_sum sum;
  sum.add(libraries);
  auto version = libraries.find(' ');
  auto end = libraries.find(' ', version + 1);
  return libraries.substr(0, end) + ", libraries "
         + sum.hex().substr(0, shown_digits);
}

/// What the outcome of a trial depends on, but for the libraries.
std::string trial_of(const imaging_settings& settings,
                     const std::string& program) {
  auto out = "codec " + file_state(program) + ' ' + joined(settings.formats);
  for (const auto& variant : settings.variants)
    for (auto format : variant.formats)
      out += std::string{' '} + to_string(format);
  return out;
}

} // namespace

result<std::string> codec_identity(const imaging_settings& settings,
                                   const std::string& program) {
  constexpr auto patience = std::chrono::seconds{20};
  trial_memory memory{trial_of(settings, program)};
  if (auto known = memory.get())
    return std::move(*known);
  passing_folder folder;
  if (folder.path().empty())
    return fail(ec::storage_failed,
                "no temporary folder can be made to try the codec: "
                  + std::string{std::strerror(errno)}
                  + "; make TMPDIR writable");
  codec_client codec{for_trials(settings), program};
  for (const auto& x : try_formats(codec, folder.path(), settings.formats))
    if (!x.problem.empty() && is_needed(x, settings))
      return fail(ec::codec_crashed, "its codec does not do '" + x.task
                                       + "': " + x.problem
                                       + "; `darkroom doctor` says more");
  auto found = codec.libraries(folder.path() + "/trial.png",
                               std::chrono::steady_clock::now() + patience);
  if (!found)
    return std::move(found.error());
  auto identity = shortened(*found);
  memory.keep(identity);
  return identity;
}

} // namespace darkroom
