#include "services/catalog/image_json.hpp"

#include "services/json/json.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

/// Parses stored JSON; an empty object if the text is not JSON.
json parsed(const std::string& text) {
  auto value = parse_json(text);
  return value ? std::move(*value) : json::object();
}

json text_or_null(const std::string& text) {
  return text.empty() ? json() : json(text);
}

json to_json(const variant_record& x, const std::string& image_id) {
  return {{"id", x.id},
          {"imageId", image_id},
          {"variantType", x.variant.variant_type},
          {"format", x.variant.format},
          {"width", x.variant.width},
          {"height", x.variant.height},
          {"fileSize", x.variant.file_size},
          {"filePath", x.variant.file_path},
          {"createdAt", x.created_at}};
}

json to_json(const part_record& x) {
  json out{{"status", x.status},
           {"error", text_or_null(x.error)},
           {"jobId", x.stamp.job_id},
           {"attempt", x.stamp.attempt},
           {"updatedAt", x.updated_at}};
  if (!x.value.empty())
    out["value"] = parsed(x.value);
  return out;
}

} // namespace

json to_json(const image_metadata& x) {
  return {{"description", x.description},
          {"detailedDescription", x.detailed_description},
          {"tags", x.tags},
          {"categories", x.categories},
          {"objects", x.objects},
          {"colors", parsed(x.colors)},
          {"mood", x.mood},
          {"style", x.style},
          {"composition", parsed(x.composition)},
          {"searchableText", x.searchable_text},
          {"model", x.model},
          {"generatedAt", x.generated_at}};
}

json to_json(const image_record& x) {
  auto parts = json::object();
  for (auto& part : x.parts)
    parts[to_string(part.part)] = to_json(part);
  auto variants = json::array();
  for (auto& variant : x.variants)
    variants.push_back(to_json(variant, x.id));
  json embedding;
  if (x.embedding)
    embedding = {{"model", x.embedding->model},
                 {"dimensions", x.embedding->dimensions}};
  return {{"imageId", x.id},
          {"filePath", x.file_path},
          {"originalName", text_or_null(x.original_name)},
          {"status", x.status},
          {"error", text_or_null(x.error)},
          {"createdAt", x.created_at},
          {"updatedAt", x.updated_at},
          {"processedAt", x.processed_at ? json(x.processed_at) : json()},
          {"parts", std::move(parts)},
          {"metadata", x.metadata ? to_json(*x.metadata) : json()},
          {"variants", std::move(variants)},
          {"embedding", std::move(embedding)}};
}

json to_json(const image_page& page) {
  auto images = json::array();
  for (auto& image : page.images)
    images.push_back(to_json(image));
  return {{"images", std::move(images)}, {"total", page.total}};
}

} // namespace darkroom
