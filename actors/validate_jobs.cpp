/// Checks messages about jobs and their outcomes.
#include "actors/bounds.hpp"
#include "config/variant_recipe.hpp"
#include "services/storage/names.hpp"
#include "services/trace/run_trace.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace darkroom {

using namespace bounds;

namespace {

constexpr size_t max_chained = 1000;
constexpr auto max_variants = max_recipes * std::size(all_picture_formats);
constexpr size_t perceptual_digits = 16;
constexpr size_t blur_hash_bytes = 28;      // of 4x3 components
constexpr uint32_t max_effort = 9;          // of AVIF
constexpr size_t max_floats = 65536;        // limit of [embedding] dimensions
constexpr int64_t max_grace_ms = 3'600'000; // limit of [worker] cancel_grace

bool is_known(backoff_kind kind) {
  return kind <= backoff_kind::unknown;
}

bool is_known(outcome_kind kind) {
  return kind <= outcome_kind::returned;
}

bool is_kept(const retention& x) {
  return is_time(x.count) && is_time(x.age_s) && is_time(x.limit);
}

std::string validate(const job_options& options) {
  return problem{}
    .require(is_known(options.backoff), "unknown backoff kind")
    .require(options.backoff_ms == -1 || is_span(options.backoff_ms),
             "backoff_ms is out of range")
    .require(options.jitter >= 0 && options.jitter <= 1,
             "jitter is not within 0 and 1")
    .require(is_kept(options.on_complete) && is_kept(options.on_fail),
             "a retention is out of range")
    .require(is_span(options.delay_ms), "delay_ms is out of range")
    .text();
}

std::string validate(const new_job& added) {
  return problem{}
    .require(!added.name.empty() && fits(added.name),
             "name is empty or too long")
    .require(fits(added.data) && fits(added.options) && fits(added.id),
             "data, options or id is too long")
    .require(is_span(added.delay_ms), "delay_ms is out of range")
    .text();
}

std::string validate(const image_marks& x) {
  auto is_of_nothing = x.content_hash.empty() && x.recipe_hash.empty();
  auto is_of_bytes = is_hash(x.content_hash) && is_hash(x.recipe_hash);
  auto is_color = x.dominant_color.size() == 7 && x.dominant_color[0] == '#'
                  && is_hex(x.dominant_color.substr(1), 6);
  return problem{}
    .require(is_of_nothing || is_of_bytes,
             "content_hash or recipe_hash is no SHA-256")
    .require(x.avif_effort <= max_effort, "avif_effort is out of range")
    .require(is_printable(x.blur_hash, blur_hash_bytes),
             "blur_hash is too long or unprintable")
    .require(is_color, "dominant_color is no color")
    .require(is_hex(x.perceptual_hash, perceptual_digits),
             "perceptual_hash is not 16 hex digits")
    .text();
}

/// The catalog checks that the rows belong to their part.
std::string validate(const image_commit& rows) {
  problem out;
  auto part = "part " + std::to_string(static_cast<int>(rows.part))
              + " of an image is unknown";
  out.require(is_known(rows.part), part.c_str())
    .require(fits(rows.image_id) && fits(rows.file_path),
             "image_id or file_path is too long")
    .require(rows.metadata.size() <= 1 && rows.embedding.size() <= 1
               && rows.variants.size() <= max_variants,
             "there are too many rows")
    .require(rows.files.size() <= max_variants, "there are too many files")
    .require(rows.marks.size() <= 1, "there are too many marks")
    .require(fits(rows.value), "value is too long");
  for (const auto& x : rows.marks)
    out.require(validate(x), "marks");
  for (const auto& x : rows.files)
    out.require(is_staged(x.staged)
                  || (is_attempt_name(x.staged) && x.staged == x.final_name),
                "staged is not the name of a staged file");
  for (const auto& x : rows.embedding)
    out.require(fits(x.host) && fits(x.model), "host or model is too long")
      .require(x.text_hash.empty() || is_hash(x.text_hash),
               "text_hash is no SHA-256")
      .require(!x.vector.empty() && x.vector.size() <= max_floats,
               "vector has too few or too many floats")
      .require(std::all_of(x.vector.begin(), x.vector.end(),
                           [](float y) { return std::isfinite(y); }),
               "vector holds a value that is not a number");
  return out.text();
}

} // namespace

std::string validate(const job& work) {
  return problem{}
    .require(!work.id.empty() && fits(work.id), "id is empty or too long")
    .require(is_name(work.token), "token is empty, too long or unprintable")
    .require(fits(work.name) && fits(work.data) && fits(work.deferred_failure),
             "name, data or deferred_failure is too long")
    .require(is_time(work.timestamp), "timestamp is out of range")
    .require(is_printable(work.trace, longest_run_trace),
             "trace is too long or unprintable")
    .require(validate(work.options), "options")
    .text();
}

std::string validate(const pool_hello& hello) {
  problem out;
  out.require(is_name(hello.node), "node is empty, too long or unprintable")
    .require(hello.slots <= max_slots, "slots is out of range")
    .require(hello.running.size() <= max_list, "too many jobs run")
    .require(are_words(hello.job_types),
             "job_types are too many or unprintable");
  for (const auto& x : hello.running)
    out.require(validate(x), "a running job");
  return out.text();
}

std::string validate(const job_update& update) {
  return problem{}
    .require_run(update.job_id, update.token)
    .require(fits(update.value), "value is too long")
    .text();
}

std::string validate(const outcome& ended) {
  problem out;
  out.require_run(ended.job_id, ended.token)
    .require(is_known(ended.kind), "unknown outcome kind")
    .require(fits(ended.value) && fits(ended.reason),
             "value or reason is too long")
    .require(is_span(ended.retry_after_ms), "retry_after_ms is out of range")
    .require(ended.chained.size() <= max_chained, "too many jobs are chained")
    .require(ended.commit.size() <= 1, "there is more than one commit")
    .require(ended.updates.size() <= max_list, "there are too many updates");
  for (const auto& x : ended.chained)
    out.require(validate(x), "a chained job");
  for (const auto& x : ended.commit)
    out.require(validate(x), "commit");
  for (const auto& x : ended.updates)
    out.require(validate(x), "an update");
  return out.text();
}

std::string validate(const job_batch& batch) {
  return problem{}
    .require(batch.jobs.size() <= max_list, "there are too many jobs")
    .require(batch.settled.size() <= max_list, "too many outcomes are settled")
    .text();
}

std::string validate(const outcome_batch& batch) {
  return problem{}
    .require(batch.outcomes.size() <= max_list, "there are too many outcomes")
    .text();
}

std::string validate(const update_batch& batch) {
  return problem{}
    .require(batch.updates.size() <= max_list, "there are too many updates")
    .text();
}

std::string validate(const result_query& query) {
  return problem{}
    .require(is_hash(query.content_hash) && is_hash(query.recipe_hash),
             "content_hash or recipe_hash is no SHA-256")
    .require(query.lowest_effort <= query.highest_effort
               && query.highest_effort <= max_effort,
             "an effort is out of range")
    .text();
}

std::string validate(const known_result& found) {
  problem out;
  out.require(found.marks.size() <= 1, "there are too many marks")
    .require(found.variants.size() <= max_variants, "there are too many rows");
  for (const auto& x : found.marks)
    out.require(validate(x), "marks");
  for (const auto& x : found.variants)
    out.require(fits(x.variant_type) && fits(x.format) && fits(x.file_path),
                "a variant's type, format or path is too long");
  return out.text();
}

std::string validate(const cancel_runs& wanted) {
  return problem{}
    .require(wanted.grace_ms >= 0 && wanted.grace_ms <= max_grace_ms,
             "grace_ms is out of range")
    .require(wanted.runs.size() <= max_list, "there are too many runs")
    .text();
}

} // namespace darkroom
