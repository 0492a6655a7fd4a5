/// `darkroom doctor`: what a node finds on its own machine.
#include "config/words.hpp"
#include "nodes/doctor/doctor.hpp"
#include "services/codec/format_trial.hpp"
#include "services/embedding/ngram_embedder.hpp"
#include "services/vision/local_models.hpp"
#include "services/vision/vision_analyser.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace darkroom {

namespace {

namespace fs = std::filesystem;

/// Makes a file with a unique name in `folder`, and removes it.
/// @returns why that fails; empty if it works
std::string try_write(const std::string& folder) {
  auto path = (fs::path{folder} / ".doctor-XXXXXX").string();
  auto file = ::mkstemp(path.data());
  if (file < 0)
    return std::strerror(errno);
  ::close(file);
  ::unlink(path.c_str());
  return {};
}

/// Where `path` would be made: the nearest folder above it that exists.
std::string existing_above(const fs::path& path) {
  std::error_code ignored;
  auto folder = fs::absolute(path, ignored).parent_path();
  while (!fs::exists(folder, ignored) && folder.has_relative_path())
    folder = folder.parent_path();
  return folder.string();
}

std::string in_words(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& x : words)
    out += (out.empty() ? "" : ", ") + x;
  return out;
}

finding check_sandbox(codec_client& codec) {
  constexpr auto patience = std::chrono::seconds{20};
  auto found = codec.sandbox(std::chrono::steady_clock::now() + patience);
  if (!found)
    return {"codec sandbox", health::fail, found.error().context,
            "install darkroom-codec of the same version beside darkroom"};
  auto held = in_words(found->held);
  if (found->missing.empty())
    return {"codec sandbox", health::ok, held, ""};
  return {"codec sandbox", health::warn,
          held + "; without " + in_words(found->missing),
          "the rest holds; docs/security.md says what each is for"};
}

} // namespace

finding judge_absent(const std::string& check, const std::string& path) {
  auto folder = existing_above(path);
  auto why = try_write(folder);
  if (why.empty())
    return {check, health::ok,
            "'" + path + "' is not there yet; a node makes it", ""};
  return {check, health::fail,
          "'" + path + "' is not there and cannot be made in '" + folder
            + "': " + why,
          "make it, writable by the user that runs darkroom"};
}

/// For a codec process that did nothing at all: the formats are not to blame.
finding judge_codec_start(const format_trial& first) {
  return {"codec", health::fail,
          "it does not work at all: '" + first.task + "': " + first.problem,
          "if its libraries are missing, `darkroom-codec` run by hand says "
          "which; else see what limits the process (ulimit -a, systemd's "
          "Limit… and SystemCallFilter, the container's seccomp profile): "
          "docs/security.md"};
}

/// For a format that does not work, while others do.
finding judge_trial(const format_trial& failed) {
  auto is_optional = failed.task == "reads heic" || failed.task == "reads jxl";
  return {"codec", health::fail,
          "it does not do '" + failed.task + "': " + failed.problem,
          is_optional ? "this build cannot: take the format out of [imaging] "
                        "formats, or build with a libvips that can "
                        "(docs/pictures.md)"
                      : "see whether a limit of the process is in the way "
                        "(ulimit -a, systemd's Limit…); else install darkroom "
                        "with its own libvips (deps/vips)"};
}

findings check_codec(const imaging_settings& imaging) {
  std::error_code ignored;
  auto program = default_codec_program();
  if (::access(program.c_str(), X_OK) != 0)
    return {{"codec", health::fail,
             "'" + program + "' cannot be run: " + std::strerror(errno),
             "install darkroom-codec beside darkroom, or in ../lib/darkroom"}};
  auto folder = (fs::temp_directory_path(ignored) / "doctor-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr)
    return {
      {"codec", health::fail,
       "no temporary folder can be made: " + std::string{std::strerror(errno)},
       "make TMPDIR writable"}};
  codec_client codec{for_trials(imaging), program};
  findings out;
  std::string works;
  auto trials = try_formats(codec, folder, imaging.formats);
  fs::remove_all(folder, ignored);
  std::erase_if(trials, [&](const auto& x) { return !is_needed(x, imaging); });
  auto is_dead = std::all_of(trials.begin(), trials.end(),
                             [](const auto& x) { return !x.problem.empty(); });
  if (is_dead && !trials.empty())
    return {judge_codec_start(trials.front())};
  for (const auto& x : trials) {
    if (x.problem.empty())
      works += (works.empty() ? "" : ", ") + x.task;
    else
      out.push_back(judge_trial(x));
  }
  if (!works.empty()) {
    out.insert(out.begin(), {"codec", health::ok, works, ""});
    out.push_back(check_sandbox(codec));
  }
  return out;
}

findings check_embedder(const embedding_settings& embedding) {
  auto made = make_embedder(embedding);
  if (!made)
    return {{"embedder", health::fail, made.error().context,
             "run deploy/fetch-models, or correct [embedding]"}};
  const auto& model = (*made)->model();
  finding out{"embedder", health::ok, "vectors are made by " + model, ""};
  if (dynamic_cast<const ngram_embedder*>(made->get()) != nullptr) {
    out.level = health::warn;
    out.text += ": the sentence encoder's weights are missing";
    out.advice = "for better search run deploy/fetch-models";
  }
  return {out};
}

findings check_local_vision(const vision_settings& vision) {
  auto identity = vision_identity(vision);
  if (!identity.is_local)
    return {};
  auto models = shared_models{vision.models}.get();
  if (!models)
    return {{"vision", health::fail, models.error().context,
             "run deploy/fetch-models, or correct [vision] models"}};
  finding out{"vision", health::ok,
              "pictures are described by " + identity.name, ""};
  auto parts = parts_of(**models);
  if (parts.size() < all_parts().size()) {
    out.level = health::warn;
    std::vector<std::string> missing;
    for (const auto& part : all_parts())
      if (std::find(parts.begin(), parts.end(), part) == parts.end())
        missing.push_back(part);
    out.text += ", without the models for " + joined(missing, " and ");
    out.advice = "to have them recognised run deploy/fetch-models "
                 "(docs/offline.md)";
  }
  return {out};
}

findings check_uploads(const storage_settings& storage) {
  if (storage.kind == "s3")
    return check_bucket(storage);
  const auto& folder = storage.uploads;
  std::error_code ignored;
  if (!fs::exists(folder, ignored))
    return {judge_absent("uploads", folder)};
  if (auto why = try_write(folder); !why.empty())
    return {{"uploads", health::fail,
             "'" + folder + "' cannot be written: " + why,
             "give it to the user that runs darkroom, or set [storage] "
             "uploads"}};
  return {{"uploads", health::ok, "'" + folder + "' is writable", ""}};
}

} // namespace darkroom
