#include "services/codec/format_trial.hpp"

#include "services/codec/trial_pictures.hpp"

#include <chrono>
#include <fstream>
#include <map>

namespace darkroom {

namespace {

constexpr auto trial_time = std::chrono::seconds{20};

/// The trials of one codec, and the pictures that they produce.
class trials {
public:
  trials(codec_client& codec, const std::string& folder)
    : codec_(codec),
      folder_(folder) {}

  /// Encodes a picture; keeps the files, which are read later.
  void write() {
    auto path = keep("png", trial_picture("png"));
    auto seen = codec_.analyse(path, deadline());
    if (seen)
      pictures_["jpeg"] = std::move(seen->vision_jpeg);
    auto got = codec_.variants(path, deadline());
    if (got)
      for (auto& x : *got)
        pictures_[to_string(x.format)] = std::move(x.file.bytes);
    note_written("jpeg", seen ? "" : seen.error().context);
    for (auto format : {"webp", "avif"})
      note_written(format, got ? "" : got.error().context);
  }

  /// Decodes a picture.
  void read(const std::string& format) {
    auto picture = trial_picture(format);
    if (picture.empty())
      picture = pictures_[format];
    if (picture.empty()) {
      add("reads " + format, "there is no picture to read");
      return;
    }
    auto got = codec_.analyse(keep(format, picture), deadline());
    add("reads " + format, got ? "" : got.error().context);
  }

  std::vector<format_trial> take() {
    return std::move(done_);
  }

private:
  static codec_client::time_point deadline() {
    return std::chrono::steady_clock::now() + trial_time;
  }

  std::string keep(const std::string& format, const std::string& bytes) {
    auto path = folder_ + "/trial." + format;
    std::ofstream{path, std::ios::binary} << bytes;
    return path;
  }

  void note_written(const std::string& format, const std::string& why) {
    auto is_made = !pictures_[format].empty();
    add("writes " + format, is_made       ? ""
                            : why.empty() ? "it was not made"
                                          : why);
  }

  void add(const std::string& task, const std::string& problem) {
    done_.push_back({task, problem});
  }

  codec_client& codec_;
  const std::string& folder_;
  std::map<std::string, std::string> pictures_; ///< written; format -> file
  std::vector<format_trial> done_;
};

} // namespace

imaging_settings for_trials(imaging_settings settings) {
  settings.variants = default_recipes;
  return settings;
}

bool is_needed(const format_trial& trial, const imaging_settings& settings) {
  // The vision model gets JPEG; what is read is named by [imaging] formats.
  if (!trial.task.starts_with("writes ") || trial.task == "writes jpeg")
    return true;
  for (const auto& variant : settings.variants)
    for (auto format : variant.formats)
      if (trial.task == std::string{"writes "} + to_string(format))
        return true;
  return false;
}

std::vector<format_trial> try_formats(codec_client& codec,
                                      const std::string& folder,
                                      const std::vector<std::string>& formats) {
  trials all{codec, folder};
  all.write();
  for (const auto& format : formats)
    all.read(format);
  return all.take();
}

} // namespace darkroom
