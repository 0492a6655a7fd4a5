#include "services/vision/findings_json.hpp"

#include "services/vision/wording.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <utility>

namespace darkroom {

namespace {

using nlohmann::json;

} // namespace

std::string colors_json(const findings& x) {
  json colors{{"dominant", json::array()},
              {"names", json::array()},
              {"shares", json::array()},
              {"temperature", temperature_of(x.tone)}};
  for (auto& color : x.colors) {
    colors["dominant"].push_back(color.hex);
    colors["names"].push_back(color.name);
    colors["shares"].push_back(std::round(color.share * 1000) / 1000);
  }
  return colors.dump();
}

std::string composition_json(const findings& x) {
  auto place = [](double at) {
    return std::round(at * 100) / 100;
  };
  json composition{{"orientation", x.layout.orientation},
                   {"aspectRatio", x.layout.aspect_ratio},
                   {"width", x.width},
                   {"height", x.height},
                   {"faces", json::array()},
                   {"objects", json::array()}};
  if (!x.layout.focal_point.empty())
    composition["focalPoint"] = {{"third", x.layout.focal_point},
                                 {"x", place(x.layout.focal_x)},
                                 {"y", place(x.layout.focal_y)}};
  auto area_of = [&place](const box& area) {
    return json{{"x", place(area.x)},
                {"y", place(area.y)},
                {"width", place(area.width)},
                {"height", place(area.height)}};
  };
  for (auto& face : x.faces)
    composition["faces"].push_back(area_of(face));
  for (auto& object : x.objects) {
    auto entry = area_of(object.area);
    entry["name"] = object.name;
    entry["score"] = place(object.score);
    composition["objects"].push_back(std::move(entry));
  }
  return composition.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace darkroom
