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

/// Which provider of the list answered, and what that took.
json call_of(const image_metadata& x) {
  return {{"providerRank", x.provider_rank},
          {"promptVersion", x.prompt_version},
          {"tokensIn", x.tokens_in},
          {"tokensOut", x.tokens_out},
          {"cost", static_cast<double>(x.cost) / 1e6}};
}

json to_json(const embedding_record& x) {
  return {{"model", x.space.model},
          {"dimensions", x.space.dimensions},
          {"host", text_or_null(x.space.host)},
          {"textHash", text_or_null(x.text_hash)},
          {"stale", x.is_stale},
          {"searched", x.is_searched}};
}

json mark_of(const image_record& x, std::string image_marks::*mark) {
  return x.marks ? text_or_null((*x.marks).*mark) : json();
}

} // namespace

json to_json(const image_metadata& x) {
  json out{{"description", x.description},
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
  // A local model that is first or alone called nobody.
  if (!x.prompt_version.empty() || x.provider_rank > 0)
    out["call"] = call_of(x);
  return out;
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
    embedding = to_json(*x.embedding);
  return {{"imageId", x.id},
          {"filePath", x.file_path},
          {"originalName", text_or_null(x.original_name)},
          {"status", x.status},
          {"error", text_or_null(x.error)},
          {"createdAt", x.created_at},
          {"updatedAt", x.updated_at},
          {"processedAt", x.processed_at ? json(x.processed_at) : json()},
          {"blurHash", mark_of(x, &image_marks::blur_hash)},
          {"dominantColor", mark_of(x, &image_marks::dominant_color)},
          {"perceptualHash", mark_of(x, &image_marks::perceptual_hash)},
          {"avifEffort", x.marks ? json(x.marks->avif_effort) : json()},
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
