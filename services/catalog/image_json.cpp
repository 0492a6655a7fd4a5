#include "services/catalog/image_json.hpp"

#include "services/json/json.hpp"

namespace darkroom {

namespace {

using nlohmann::json;

/// Stored JSON text as JSON; an empty object where it is none.
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
  return {{"status", x.status},
          {"error", text_or_null(x.error)},
          {"jobId", x.stamp.job_id},
          {"attempt", x.stamp.attempt},
          {"updatedAt", x.updated_at}};
}

std::string text_of(const json& from, const char* key) {
  auto found = from.find(key);
  return found != from.end() && found->is_string() ? found->get<std::string>()
                                                   : std::string();
}

std::vector<std::string> words_of(const json& from, const char* key) {
  std::vector<std::string> words;
  auto found = from.find(key);
  if (found != from.end() && found->is_array())
    for (auto& word : *found)
      if (word.is_string())
        words.push_back(word.get<std::string>());
  return words;
}

/// A member that is an object (ours) or text that holds one.
std::string object_of(const json& from, const char* key) {
  auto found = from.find(key);
  if (found == from.end())
    return "{}";
  auto value = found->is_string() ? parsed(found->get<std::string>()) : *found;
  return value.is_object() ? write_json(value) : "{}";
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

image_metadata metadata_from_json(const json& from) {
  image_metadata x;
  if (!from.is_object())
    return x;
  x.description = text_of(from, "description");
  x.detailed_description = text_of(from, "detailedDescription");
  x.tags = words_of(from, "tags");
  x.categories = words_of(from, "categories");
  x.objects = words_of(from, "objects");
  x.colors = object_of(from, "colors");
  x.mood = text_of(from, "mood");
  x.style = text_of(from, "style");
  x.composition = object_of(from, "composition");
  x.searchable_text = text_of(from, "searchableText");
  x.model = text_of(from, "model");
  auto time = from.find("generatedAt");
  if (time != from.end() && time->is_number())
    x.generated_at = time->get<int64_t>();
  return x;
}

json to_json(const image_record& x) {
  auto parts = json::object();
  for (auto& part : x.parts)
    parts[part.part] = to_json(part);
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
