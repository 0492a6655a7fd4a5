#include "nodes/commands/variant_report.hpp"

#include "services/text/shown_json.hpp"

#include <cstdio>

namespace darkroom {

namespace {

using nlohmann::json;

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

text_table variant_table(const std::vector<variant_picture>& pictures) {
  text_table table{{"PIXELS", "BYTES", "OF ORIGINAL", "FILE"}};
  for (const auto& picture : pictures)
    for (const auto& x : picture.files)
      table.add({std::to_string(x.width) + "x" + std::to_string(x.height),
                 std::to_string(x.bytes), share_of(x.bytes, picture.bytes),
                 x.path});
  return table;
}

std::string variant_json(const std::vector<variant_picture>& pictures) {
  auto list = json::array();
  auto is_well = true;
  for (const auto& x : pictures) {
    list.push_back(to_json(x));
    is_well = is_well && x.problem.code == ec::none;
  }
  return shown_json({{"ok", is_well}, {"pictures", std::move(list)}});
}

} // namespace darkroom
