#include "actors/jobs/generate_variants.hpp"

#include "actors/jobs/image_job.hpp"
#include "actors/jobs/variant_stager.hpp"
#include "services/marks/picture_marks.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace darkroom {

namespace {

// The percent that the web tier knows: the job runs, all files are encoded.
constexpr int begun = 10;
constexpr int encoded_all = 60;

constexpr uint32_t highest_effort = 9; // of AVIF

/// `avifEffort` of the job's data; nothing if it names none.
result<std::optional<uint32_t>> effort_in(const nlohmann::json& data) {
  auto found = data.find("avifEffort");
  if (found == data.end() || found->is_null())
    return std::optional<uint32_t>{};
  if (!found->is_number_unsigned() || found->get<uint64_t>() > highest_effort)
    return fail(ec::bad_input, "avifEffort in the job's data must be a whole "
                               "number from 0 to 9");
  return std::optional{found->get<uint32_t>()};
}

/// One run: encodes the files, or links those of an image with the same bytes.
class variants_run {
public:
  /// @param effort of the AVIFs; nothing leaves it to [imaging] avif_effort
  variants_run(job_context& context, const image_input& input,
               std::optional<uint32_t> effort)
    : context_(context),
      input_(input),
      effort_(effort),
      files_(context, input.image_id) {}

  result<image_commit> make() {
    codec_span_ = context_.span.child("decode");
    auto encoded = with_original(context_, input_, [this](const auto& path) {
      return context_.tools->codec->variants(path, deadline_of(context_),
                                             wishes());
    });
    codec_span_.end();
    if (encoded)
      context_.progress(encoded_all);
    auto staged = encoded ? stage(*encoded) : std::move(encoded.error());
    if (!staged) {
      files_.undo();
      return std::move(staged.error());
    }
    auto rows = files_.take();
    rows.marks = std::move(marks_);
    rows.is_reused = is_reused_;
    return rows;
  }

private:
  variant_wishes wishes() {
    variant_wishes out;
    out.avif_effort = effort_;
    out.waiting = context_.work.waiting;
    // Tells the decode and each file, between the two.
    out.progress = [this](double done) {
      auto percent = begun + static_cast<int>((encoded_all - begun) * done);
      context_.progress(std::min(percent, encoded_all - 1));
    };
    out.is_hashed = context_.tools->imaging.reuse_results;
    out.opened = [this](const variant_origin& from) {
      origin_ = from;
      is_reused_ = !from.content_hash.empty() && reuse();
      return !is_reused_;
    };
    out.decoded = [this](const raw_picture& small) {
      codec_span_ = context_.span.child("encode");
      small_ = small;
    };
    return out;
  }

  /// @returns false if the files must be encoded
  bool reuse() {
    auto is_auto = !effort_ && !context_.tools->imaging.avif_effort;
    result_query query{origin_.content_hash, origin_.recipe_hash,
                       origin_.avif_effort,
                       is_auto ? highest_effort : origin_.avif_effort};
    if (!context_.find_result)
      return false;
    auto known = context_.find_result(query);
    if (!known || known->marks.empty() || known->variants.empty())
      return false;
    if (!files_.add_known(known->variants)) {
      files_.undo();
      return false;
    }
    marks_ = std::move(known->marks);
    marks_[0].content_hash = origin_.content_hash;
    marks_[0].recipe_hash = origin_.recipe_hash;
    return true;
  }

  status stage(const std::vector<encoded_variant>& encoded) {
    for (const auto& x : encoded)
      if (auto added = files_.add(x); !added)
        return added;
    if (!is_reused_ && !small_.pixels.empty()) {
      auto seen = marks_of(small_);
      marks_.push_back({origin_.content_hash, origin_.recipe_hash,
                        origin_.avif_effort, seen.blur_hash,
                        seen.dominant_color, seen.perceptual_hash});
    }
    return ok;
  }

  job_context& context_;
  const image_input& input_;
  const std::optional<uint32_t> effort_;
  variant_stager files_;
  variant_origin origin_;
  raw_picture small_;
  std::vector<image_marks> marks_;
  bool is_reused_ = false;
  span_scope codec_span_; ///< "decode", then "encode"
};

} // namespace

outcome run_generate_variants(job_context& context) {
  context.progress(begun);
  auto input = read_image_input(context);
  if (!input)
    return failed(context.work, input.error());
  auto effort = effort_in(input->data);
  if (!effort)
    return failed(context.work, effort.error());
  cancel_guard guard{context};
  auto rows = variants_run{context, *input, *effort}.make();
  if (!rows)
    return failed(context.work, rows.error());
  auto count = rows->variants.size();
  context.progress(100);
  return completed_image(context.work, *input, std::move(*rows),
                         {{"variants", count}});
}

} // namespace darkroom
