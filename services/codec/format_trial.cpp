#include "services/codec/format_trial.hpp"

#include <chrono>
#include <fstream>

namespace darkroom {

namespace {

constexpr auto trial_time = std::chrono::seconds{20};

/// 32 x 32 pixels of one colour.
constexpr unsigned char tiny_png[] = {
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49,
  0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x20, 0x00, 0x00, 0x00, 0x20, 0x08, 0x02,
  0x00, 0x00, 0x00, 0xfc, 0x18, 0xed, 0xa3, 0x00, 0x00, 0x00, 0x2a, 0x49, 0x44,
  0x41, 0x54, 0x78, 0xda, 0x63, 0x30, 0x4e, 0x9b, 0x49, 0x53, 0xc4, 0x30, 0x6a,
  0xc1, 0xa8, 0x05, 0xa3, 0x16, 0x8c, 0x5a, 0x30, 0x6a, 0xc1, 0xa8, 0x05, 0xa3,
  0x16, 0x8c, 0x5a, 0x30, 0x6a, 0xc1, 0xa8, 0x05, 0xa3, 0x16, 0x0c, 0x15, 0x0b,
  0x00, 0xa6, 0xe4, 0xc8, 0x3d, 0x5c, 0x7e, 0x00, 0x55, 0x00, 0x00, 0x00, 0x00,
  0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

/// One pixel.
constexpr unsigned char tiny_gif[]
  = {0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00,
     0x00, 0x33, 0x66, 0x99, 0xff, 0xff, 0xff, 0x2c, 0x00, 0x00, 0x00, 0x00,
     0x01, 0x00, 0x01, 0x00, 0x00, 0x02, 0x02, 0x44, 0x01, 0x00, 0x3b};

template <size_t Size>
std::string bytes_of(const unsigned char (&from)[Size]) {
  return {reinterpret_cast<const char*>(from), Size};
}

/// The trials of one codec, and the pictures that they produce.
class trials {
public:
  trials(codec_client& codec, const std::string& folder)
    : codec_(codec),
      folder_(folder) {}

  /// Decodes a picture; keeps the resulting JPEG.
  void read(const std::string& format, const std::string& picture) {
    auto task = "reads " + format;
    if (picture.empty()) {
      add(task, "there is no picture to read");
      return;
    }
    auto got = codec_.analyse(keep(format, picture), deadline());
    add(task, got ? "" : got.error().context);
    if (got && jpeg_.empty())
      jpeg_ = std::move(got->vision_jpeg);
  }

  /// Encodes a picture; keeps the results.
  void write(const std::string& picture) {
    auto got = codec_.variants(keep("png", picture), deadline());
    if (got)
      for (auto& x : *got)
        (x.format == picture_format::webp ? webp_ : avif_)
          = std::move(x.file.bytes);
    auto why = got ? std::string{"it was not made"} : got.error().context;
    add("writes webp", webp_.empty() ? why : "");
    add("writes avif", avif_.empty() ? why : "");
  }

  void run() {
    auto png = bytes_of(tiny_png);
    read("png", png);
    add("writes jpeg", jpeg_.empty() ? "it was not made" : "");
    write(png);
    read("jpeg", jpeg_);
    read("webp", webp_);
    read("avif", avif_);
    read("gif", bytes_of(tiny_gif));
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

  void add(const std::string& task, const std::string& problem) {
    done_.push_back({task, problem});
  }

  codec_client& codec_;
  const std::string& folder_;
  std::string jpeg_;
  std::string webp_;
  std::string avif_;
  std::vector<format_trial> done_;
};

} // namespace

std::vector<format_trial> try_formats(codec_client& codec,
                                      const std::string& folder) {
  trials all{codec, folder};
  all.run();
  return all.take();
}

} // namespace darkroom
