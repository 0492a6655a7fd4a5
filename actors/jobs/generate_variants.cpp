#include "actors/jobs/generate_variants.hpp"

#include "actors/jobs/image_job.hpp"
#include "services/storage/names.hpp"

namespace darkroom {

namespace {

/// Stages a file. If an earlier one has the same bytes, stages a link: the
/// widths of a small picture are all equal.
/// @param staged the files of `encoded` staged so far; the next one is written
/// now
result<staged_file>
stage_one(const attempt_storage& storage, const attempt_stamp& stamp,
          const std::string& name, const std::vector<encoded_variant>& encoded,
          const std::vector<staged_file>& staged) {
  const auto& x = encoded[staged.size()];
  for (size_t i = 0; i < staged.size(); ++i)
    if (encoded[i].format == x.format && encoded[i].bytes == x.bytes)
      if (auto same = storage.stage_same(name, stamp, staged[i]); same)
        return same;
  return storage.stage(name, stamp, x.bytes);
}

/// Stages the files under names of this attempt. The catalog renames them once
/// its fence has let the attempt pass.
result<image_commit> stage(const job_context& context, const image_input& input,
                           const std::vector<encoded_variant>& encoded) {
  const auto& work = context.work;
  attempt_stamp stamp{work.id, work.timestamp, work.attempt};
  image_commit rows;
  rows.part = image_part::variants;
  for (const auto& x : encoded) {
    auto name = variant_name(input.image_id, x.variant_type, x.format);
    auto staged = stage_one(*context.tools->storage, stamp, name, encoded,
                            rows.files);
    if (!staged) {
      (void)context.tools->storage->remove_attempt(input.image_id, stamp);
      return std::move(staged.error());
    }
    rows.files.push_back(*staged);
    rows.variants.push_back(
      {x.variant_type, x.format, x.width, x.height, x.bytes.size(), name});
  }
  return rows;
}

} // namespace

outcome run_generate_variants(job_context& context) {
  context.progress(10);
  auto input = read_image_input(context);
  if (!input)
    return failed(context.work, input.error());
  cancel_guard guard{context};
  auto encoded = context.tools->codec->variants(input->path,
                                                deadline_of(context));
  if (!encoded)
    return failed(context.work, encoded.error());
  context.progress(60);
  auto rows = stage(context, *input, *encoded);
  if (!rows)
    return failed(context.work, rows.error());
  auto count = rows->variants.size();
  context.progress(100);
  return completed_image(context.work, *input, std::move(*rows),
                         {{"variants", count}});
}

} // namespace darkroom
