#include "actors/jobs/generate_embeddings.hpp"

#include "actors/jobs/image_job.hpp"
#include "services/json/json.hpp"

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
                         std::vector<float> vector, std::string model) {
  image_embedding out;
  out.model = std::move(model);
  out.vector = std::move(vector);
  out.name = std::filesystem::path{input.file_path}.filename().string();
  out.slug = out.name;
  out.searchable_text = text_member(metadata, "searchableText");
  out.metadata = entry_metadata(metadata);
  return out;
}

} // namespace

outcome run_generate_embeddings(job_context& context) {
  context.progress(10);
  auto input = read_image_input(context);
  if (!input)
    return failed(context.work, input.error());
  auto metadata = input->data.value("metadata", json::object());
  auto text = text_member(metadata, "searchableText");
  if (text.empty())
    return failed(context.work,
                  fail(ec::bad_input, "generate-embeddings needs the text "
                                      "metadata.searchableText in its data"));
  context.progress(30);
  auto made = context.tools->embedder->get();
  if (!made)
    return failed(context.work, made.error());
  auto& embedder = **made;
  if (auto may = context.start_call(context.tools->call_slack); !may)
    return failed(context.work, may.error());
  auto vector = embedder.embed(text, context.control.flag());
  if (!vector)
    return failed(context.work, vector.error());
  auto size = vector->size();
  context.progress(90);
  image_commit rows;
  rows.part = image_part::embedding;
  rows.embedding.push_back(
    entry_of(*input, metadata, std::move(*vector), embedder.model()));
  context.progress(100);
  return completed_image(context.work, *input, std::move(rows),
                         {{"model", embedder.model()}, {"dimensions", size}});
}

} // namespace darkroom
