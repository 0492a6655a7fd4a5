#include "nodes/commands/variant_report.hpp"

#include "services/json/json.hpp"
#include "services/text/text_table.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace darkroom {

namespace {

using nlohmann::json;
using std::chrono::steady_clock;

constexpr size_t bar_width = 24; ///< columns

bool can_redraw() {
  auto terminal = std::getenv("TERM");
  auto no_colour = std::getenv("NO_COLOR");
  return ::isatty(STDERR_FILENO) == 1 && terminal != nullptr
         && std::string{terminal} != "dumb"
         && (no_colour == nullptr || *no_colour == '\0');
}

/// A file's size compared with the picture's: "12.5 %".
std::string share_of(uint64_t bytes, uint64_t whole) {
  if (whole == 0)
    return "-";
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f %%",
                100.0 * static_cast<double>(bytes)
                  / static_cast<double>(whole));
  return text;
}

json to_json(const variant_file& x) {
  return {{"type", x.type},   {"format", to_string(x.format)},
          {"width", x.width}, {"height", x.height},
          {"bytes", x.bytes}, {"file", x.path}};
}

json to_json(const variant_picture& x) {
  json out{{"file", x.path}, {"bytes", x.bytes}, {"variants", json::array()}};
  for (const auto& file : x.files)
    out["variants"].push_back(to_json(file));
  if (!x.marks.blur_hash.empty()) {
    out["blurHash"] = x.marks.blur_hash;
    out["dominantColor"] = x.marks.dominant_color;
    out["perceptualHash"] = x.marks.perceptual_hash;
    out["avifEffort"] = x.avif_effort;
  }
  if (x.problem.code != ec::none)
    out["error"] = {{"code", to_string(x.problem.code)},
                    {"message", x.problem.context}};
  return out;
}

} // namespace

progress_bar::progress_bar()
  : is_shown_(can_redraw()),
    begun_(steady_clock::now()) {}

void progress_bar::show(const variant_progress& now) {
  auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(
    steady_clock::now() - begun_);
  auto line = progress_line(now, taken);
  if (!is_shown_ || line == last_)
    return;
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
  last_ = line;
}

void progress_bar::clear() {
  if (is_shown_ && !last_.empty())
    std::fputs("\r\x1b[K", stderr);
  last_.clear();
}

std::string progress_line(const variant_progress& now,
                          std::chrono::milliseconds taken) {
  auto filled = now.all == 0 ? bar_width : bar_width * now.done / now.all;
  auto line = "[" + std::string(filled, '#')
              + std::string(bar_width - filled, '-') + "] "
              + std::to_string(now.done) + " of " + std::to_string(now.all)
              + (now.all == 1 ? " picture" : " pictures");
  if (now.done == 0 || now.done == now.all)
    return line;
  auto left = taken * (now.all - now.done) / now.done;
  auto seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
  return line + ", about " + std::to_string(seconds) + " s left";
}

std::vector<std::string>
variant_lines(const std::vector<variant_picture>& pictures) {
  text_table table{{"PIXELS", "BYTES", "OF ORIGINAL", "FILE"}};
  for (const auto& picture : pictures)
    for (const auto& x : picture.files)
      table.add({std::to_string(x.width) + "x" + std::to_string(x.height),
                 std::to_string(x.bytes), share_of(x.bytes, picture.bytes),
                 x.path});
  return table.lines();
}

std::string variant_json(const std::vector<variant_picture>& pictures) {
  auto list = json::array();
  auto is_well = true;
  for (const auto& x : pictures) {
    list.push_back(to_json(x));
    is_well = is_well && x.problem.code == ec::none;
  }
  return write_json({{"ok", is_well}, {"pictures", std::move(list)}});
}

} // namespace darkroom
