#include "actors/jobs/generate_embeddings.hpp"

#include "actors/jobs/image_job.hpp"
#include "services/json/json.hpp"
#include "services/storage/file_bytes.hpp"

#include <filesystem>

namespace darkroom {

namespace {

using nlohmann::json;

/// {description, tags, categories, colors, mood, style}; missing ones are null.
std::string entry_metadata(const json& metadata) {
  json out;
  for (const auto* key : {"description", "tags", "categories", "mood", "style"})
    out[key] = metadata.value(key, json{});
  auto colors = metadata.value("colors", json::object());
  out["colors"] = colors.is_object() ? colors.value("dominant", json::array())
                                     : json::array();
  return write_json(out);
}

image_embedding entry_of(const image_input& input, const json& metadata,
                         std::vector<float> vector, const model_use& maker) {
  image_embedding out;
  out.model = maker.model;
  out.host = maker.host;
  out.vector = std::move(vector);
  out.name = std::filesystem::path{input.file_path}.filename().string();
  if (out.name.empty())
    out.name = "image"; // the job names no file
  out.slug = out.name;
  out.searchable_text = text_member(metadata, "searchableText");
  out.text_hash = sha256_of(out.searchable_text);
  out.metadata = entry_metadata(metadata);
  return out;
}

} // namespace

outcome run_generate_embeddings(job_context& context) {
  context.progress(10);
  auto input = read_image_input(context, false);
  if (!input)
    return failed(context.work, input.error());
  auto metadata = input->data.value("metadata", json::object());
  auto text = text_member(metadata, "searchableText");
  if (text.empty())
    return failed(context.work,
                  fail(ec::bad_input, "generate-embeddings needs the text "
                                      "metadata.searchableText in its data"));
  context.progress(30);
  // Empty but in the jobs of `darkroom reembed --to`.
  auto made = context.tools->embedder->get(text_member(input->data, "model"));
  if (!made)
    return failed(context.work, made.error());
  auto& embedder = **made;
  auto embedded = embedder.embed_for_job(text, *context.desk,
                                         context.control.flag());
  if (!embedded)
    return failed(context.work, embedded.error());
  auto size = embedded->vector.size();
  auto use = embedded->use;
  context.progress(90);
  image_commit rows;
  rows.part = image_part::embedding;
  rows.embedding.push_back(
    entry_of(*input, metadata, std::move(embedded->vector), use));
  context.progress(100);
  return completed_image(context.work, *input, std::move(rows),
                         {{"model", use.model}, {"dimensions", size}});
}

} // namespace darkroom
