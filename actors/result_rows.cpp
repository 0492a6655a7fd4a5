#include "actors/result_rows.hpp"

#include "services/catalog/image_json.hpp"
#include "services/json/json.hpp"

namespace darkroom {

std::string with_rows(const std::string& value, const image_commit& rows) {
  auto said = parse_json(value);
  if (!said || !said->is_object())
    return value;
  for (const auto& x : rows.metadata)
    (*said)["metadata"] = to_json(x);
  if (!rows.variants.empty())
    (*said)["variants"] = nlohmann::json::array();
  for (const auto& x : rows.variants)
    (*said)["variants"].push_back({{"variantType", x.variant_type},
                                   {"format", x.format},
                                   {"width", x.width},
                                   {"height", x.height},
                                   {"fileSize", x.file_size},
                                   {"filePath", x.file_path}});
  for (const auto& x : rows.embedding)
    (*said)["embedding"] = x.vector;
  return write_json(*said);
}

} // namespace darkroom
