#include "actors/jobs/generate_metadata.hpp"

#include "actors/jobs/image_job.hpp"
#include "config/clock.hpp"
#include "services/catalog/image_json.hpp"
#include "services/json/json.hpp"

#include <filesystem>

namespace darkroom {

namespace {

vision_input to_vision_input(picture_analysis seen, const image_input& input) {
  vision_input out;
  const auto& pixels = seen.small.pixels;
  out.rgb.assign(pixels.begin(), pixels.end());
  out.width = seen.small.width;
  out.height = seen.small.height;
  out.jpeg = std::move(seen.vision_jpeg);
  out.original_width = seen.facts.width;
  out.original_height = seen.facts.height;
  out.original_format = seen.facts.format;
  auto add = [&out](const char* name, const std::string& value) {
    if (!value.empty())
      out.exif[name] = value;
  };
  add("Make", seen.facts.camera_make);
  add("Model", seen.facts.camera_model);
  add("DateTimeOriginal", seen.facts.taken_at);
  out.file_name = std::filesystem::path{input.file_path}.filename().string();
  return out;
}

/// @param vision_edge as the codec takes it
result<picture_analysis> analyse(const job_context& context,
                                 const image_input& input,
                                 uint32_t vision_edge) {
  return with_original(context, input, [&](const std::string& path) {
    return context.tools->codec->analyse(path, deadline_of(context),
                                         vision_edge);
  });
}

/// The picture with half its longer edge, for a provider that finds it too
/// large.
result<std::string> half_jpeg(const job_context& context,
                              const image_input& input) {
  auto seen = analyse(context, input, context.tools->imaging.vision_edge / 2);
  if (!seen)
    return std::move(seen.error());
  return std::move(seen->vision_jpeg);
}

/// The metadata with what describing it took.
image_metadata with_use(image_metadata found, const model_use& use) {
  found.provider_rank = use.provider;
  found.prompt_version = use.prompt_version;
  found.tokens_in = use.tokens_in;
  found.tokens_out = use.tokens_out;
  found.cost = use.cost;
  return found;
}

/// The next job of the chain, with this job's priority.
new_job embeddings_job(const image_input& input, const image_metadata& found,
                       const job_context& context) {
  new_job out;
  out.name = "generate-embeddings";
  out.data = write_json({{"imageId", input.image_id},
                         {"metadata", to_json(found)},
                         {"filePath", input.file_path}});
  out.options = context.tools->chained_options;
  out.priority = context.work.priority;
  return out;
}

} // namespace

outcome run_generate_metadata(job_context& context) {
  context.progress(10);
  auto input = read_image_input(context);
  if (!input)
    return failed(context.work, input.error());
  auto vision = context.tools->vision();
  if (!vision)
    return failed(context.work, vision.error());
  cancel_guard guard{context};
  auto look = context.span.child("analyse");
  auto seen = analyse(context, *input, 0);
  look.end();
  if (!seen)
    return failed(context.work, seen.error());
  auto picture = to_vision_input(std::move(*seen), *input);
  picture.smaller = [&] {
    return half_jpeg(context, *input);
  };
  auto described = (*vision)->describe_for_job(picture, *context.desk,
                                               context.control.flag());
  if (!described)
    return failed(context.work, described.error());
  auto found = with_use(std::move(described->metadata), described->use);
  found.generated_at = wall_clock_ms();
  context.progress(50);
  image_commit rows;
  rows.part = image_part::metadata;
  rows.metadata.push_back(found);
  auto out = completed_image(context.work, *input, std::move(rows),
                             {{"model", found.model}});
  out.chained.push_back(embeddings_job(*input, found, context));
  context.progress(100);
  return out;
}

} // namespace darkroom
