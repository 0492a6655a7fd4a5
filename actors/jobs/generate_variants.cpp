#include "actors/jobs/generate_variants.hpp"

#include "actors/jobs/image_job.hpp"
#include "services/storage/names.hpp"

#include <algorithm>
#include <optional>

namespace darkroom {

namespace {

/// Stages the files of one run under names of this attempt. The catalog renames
/// them once its fence has let the attempt pass.
class stager {
public:
  stager(const job_context& context, const std::string& image_id)
    : tools_(*context.tools),
      image_id_(image_id),
      stamp_{context.work.id, context.work.timestamp, context.work.attempt} {
    rows_.part = image_part::variants;
  }

  /// Stages a file and adds a row for each variant that it serves. All have the
  /// name of the first one, unless each is to have a file of its own.
  status add(const encoded_variant& x) {
    std::optional<staged_file> first;
    for (const auto& type : x.types) {
      auto name = name_of(x, tools_.share_files ? x.types.front() : type);
      if (!first || !tools_.share_files) {
        auto staged = stage(name, x.file.bytes, first);
        if (!staged)
          return std::move(staged.error());
        rows_.files.push_back(*staged);
        first = *staged;
      }
      rows_.variants.push_back({type, to_string(x.format), x.file.width,
                                x.file.height, x.file.bytes.size(), name});
    }
    return ok;
  }

  /// Removes what was staged.
  void undo() {
    (void)tools_.storage->remove_attempt(image_id_, stamp_);
  }

  image_commit take() {
    return std::move(rows_);
  }

private:
  std::string name_of(const encoded_variant& x, const std::string& type) const {
    return variant_name(image_id_, type, to_string(x.format));
  }

  /// As a link to `same` where the storage has links.
  result<staged_file> stage(const std::string& name, const std::string& bytes,
                            const std::optional<staged_file>& same) {
    if (same)
      if (auto link = tools_.storage->stage_same(name, stamp_, *same); link)
        return link;
    return tools_.storage->stage(name, stamp_, bytes);
  }

  job_tools& tools_;
  const std::string& image_id_;
  attempt_stamp stamp_;
  image_commit rows_;
};

result<image_commit> stage(const job_context& context, const image_input& input,
                           const std::vector<encoded_variant>& encoded) {
  stager files{context, input.image_id};
  for (const auto& x : encoded)
    if (auto added = files.add(x); !added) {
      files.undo();
      return std::move(added.error());
    }
  return files.take();
}

// The percent that the web tier knows: the job runs, all files are encoded.
constexpr int begun = 10;
constexpr int encoded_all = 60;

/// Tells the decode and each file, between the two.
variant_wishes wishes_of(job_context& context) {
  variant_wishes out;
  out.waiting = context.work.waiting;
  out.progress = [&context](double done) {
    auto percent = begun + static_cast<int>((encoded_all - begun) * done);
    context.progress(std::min(percent, encoded_all - 1));
  };
  return out;
}

} // namespace

outcome run_generate_variants(job_context& context) {
  context.progress(begun);
  auto input = read_image_input(context);
  if (!input)
    return failed(context.work, input.error());
  cancel_guard guard{context};
  auto encoded = context.tools->codec->variants(
    input->path, deadline_of(context), wishes_of(context));
  if (!encoded)
    return failed(context.work, encoded.error());
  context.progress(encoded_all);
  auto rows = stage(context, *input, *encoded);
  if (!rows)
    return failed(context.work, rows.error());
  auto count = rows->variants.size();
  context.progress(100);
  return completed_image(context.work, *input, std::move(*rows),
                         {{"variants", count}});
}

} // namespace darkroom
