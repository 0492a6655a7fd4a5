#define CAF_SUITE validate

#include "actors/validate.hpp"
#include "tests/support/must.hpp"

#include <limits>

using namespace darkroom;

namespace {

constexpr int64_t max_ms = 9'000'000'000'000'000;

node_hello hello() {
  node_hello out;
  out.name = "worker-1";
  out.boot_id = "boot";
  out.concurrency = 4;
  return out;
}

job work() {
  job out;
  out.id = "1";
  out.token = "token";
  out.name = "echo";
  out.timestamp = 1700000000000;
  return out;
}

outcome ended() {
  outcome out;
  out.job_id = "1";
  out.token = "token";
  return out;
}

image_commit rows() {
  image_commit out;
  out.image_id = "cat";
  out.part = image_part::variants;
  out.files = {{"variants/cat/.sm.webp.1-1-7.part", "variants/cat/sm.webp"}};
  return out;
}

} // namespace

CAF_TEST(messages as nodes send them are valid) {
  CAF_CHECK_EQUAL(validate(hello()), "");
  CAF_CHECK_EQUAL(validate(work()), "");
  CAF_CHECK_EQUAL(validate(ended()), "");
  CAF_CHECK_EQUAL(validate(pool_hello{"worker-1", 5, {work()}}), "");
  CAF_CHECK_EQUAL(validate(job_update{"1", "token", false, "50", 0}), "");
  CAF_CHECK_EQUAL(validate(cancel_runs{{{"1", "token"}}, 5000}), "");
  auto full = ended();
  full.commit = {rows()};
  full.updates = {{"1", "token", true, "line", 0}};
  new_job next;
  next.name = "generate-embeddings";
  full.chained = {next};
  CAF_CHECK_EQUAL(validate(full), "");
}

CAF_TEST(names are short and printable) {
  auto x = hello();
  for (auto& bad : {std::string{}, std::string(257, 'x'), std::string{"a\nb"},
                    std::string{"a\0b", 3}, std::string{"\x7f"}}) {
    x.name = bad;
    CAF_CHECK(has(validate(x), "name is"));
    CAF_CHECK(has(validate(pool_hello{bad, 1, {}}), "node is"));
  }
  x.name = std::string(256, 'x');
  CAF_CHECK_EQUAL(validate(x), "");
  x.boot_id = "";
  CAF_CHECK(has(validate(x), "boot_id is"));
}

CAF_TEST(a node has at most ten thousand slots) {
  auto x = hello();
  x.concurrency = 10000;
  CAF_CHECK_EQUAL(validate(x), "");
  x.concurrency = 10001;
  CAF_CHECK_EQUAL(validate(x), "concurrency is out of range");
  CAF_CHECK_EQUAL(validate(pool_hello{"n", 10000, {}}), "");
  CAF_CHECK_EQUAL(validate(pool_hello{"n", 10001, {}}),
                  "slots is out of range");
}

CAF_TEST(enums are among those that exist) {
  auto x = ended();
  x.kind = outcome_kind::returned;
  CAF_CHECK_EQUAL(validate(x), "");
  x.kind = static_cast<outcome_kind>(5);
  CAF_CHECK_EQUAL(validate(x), "unknown outcome kind");
  auto y = work();
  y.options.backoff = backoff_kind::unknown;
  CAF_CHECK_EQUAL(validate(y), "");
  y.options.backoff = static_cast<backoff_kind>(4);
  CAF_CHECK_EQUAL(validate(y), "options: unknown backoff kind");
  CAF_CHECK_EQUAL(validate(pool_hello{"n", 1, {work(), y}}),
                  "a running job: options: unknown backoff kind");
}

CAF_TEST(numbers stay where arithmetic holds) {
  auto x = ended();
  x.retry_after_ms = max_ms;
  CAF_CHECK_EQUAL(validate(x), "");
  for (auto bad : {max_ms + 1, int64_t{-1}, INT64_MAX, INT64_MIN}) {
    x.retry_after_ms = bad;
    CAF_CHECK_EQUAL(validate(x), "retry_after_ms is out of range");
  }
  auto y = work();
  for (auto bad : {-0.01, 1.01, std::numeric_limits<double>::quiet_NaN()}) {
    y.options.jitter = bad;
    CAF_CHECK(has(validate(y), "jitter"));
  }
  for (auto bad : {int64_t{-1}, int64_t{3'600'001}, INT64_MAX})
    CAF_CHECK_EQUAL(validate(cancel_runs{{}, bad}), "grace_ms is out of range");
}

CAF_TEST(a node says how it is in numbers and printable words) {
  node_report x;
  x.name = "worker-1";
  x.actors.children = {{"uplink", true, 0, 5}};
  x.clock = 1700000000000;
  CAF_CHECK_EQUAL(validate(x), "");
  x.load = std::numeric_limits<double>::quiet_NaN();
  CAF_CHECK_EQUAL(validate(x), "load is not a number");
  x.load = 1;
  x.clock = INT64_MIN;
  CAF_CHECK_EQUAL(validate(x), "clock is out of range");
  x.clock = 0;
  x.pool.done = -2;
  CAF_CHECK_EQUAL(validate(x), "done is out of range");
  x.pool.done = -1; // an older node does not tell
  CAF_CHECK_EQUAL(validate(x), "");
  x.actors.children[0].name = "a\nb";
  CAF_CHECK(has(validate(x), "an actor's name"));
  auto y = hello();
  y.labels = {"gpu", "rack 4"};
  CAF_CHECK_EQUAL(validate(y), "");
  y.labels.push_back("\x1b[31m");
  CAF_CHECK(has(validate(y), "labels"));
  y = hello();
  y.job_types.assign(1001, "echo");
  CAF_CHECK(has(validate(y), "job_types"));
}

CAF_TEST(orders and welcomes hold what may be logged) {
  CAF_CHECK_EQUAL(validate(node_order{"worker-1", true, {}}), "");
  for (const auto* bad : {"", "two\nlines"})
    CAF_CHECK(has(validate(node_order{bad, true, "id"}), "name is"));
  CAF_CHECK(has(validate(node_order{"worker-1", true, "\n"}), "id is"));
  node_welcome x;
  x.boot_id = "boot";
  CAF_CHECK_EQUAL(validate(x), "");
  x.refusal = std::string(4096, 'x');
  CAF_CHECK_EQUAL(validate(x), "");
  for (const auto& bad : {std::string(4097, 'x'), std::string{"\x1b[2J"}}) {
    x.refusal = bad;
    CAF_CHECK(has(validate(x), "refusal is"));
  }
  x.refusal.clear();
  x.boot_id = "\a";
  CAF_CHECK(has(validate(x), "boot_id is"));
}

CAF_TEST(batches have a length that a node can fill) {
  update_batch updates;
  updates.updates.resize(20000);
  CAF_CHECK_EQUAL(validate(updates), "");
  updates.updates.resize(20001);
  CAF_CHECK_EQUAL(validate(updates), "there are too many updates");
  outcome_batch outcomes;
  outcomes.outcomes.resize(20001);
  CAF_CHECK_EQUAL(validate(outcomes), "there are too many outcomes");
  job_batch jobs;
  jobs.settled.resize(20001);
  CAF_CHECK_EQUAL(validate(jobs), "too many outcomes are settled");
  jobs.settled.clear();
  jobs.jobs.resize(20001);
  CAF_CHECK_EQUAL(validate(jobs), "there are too many jobs");
}

CAF_TEST(a query names two hashes and efforts that there are) {
  result_query x{std::string(64, 'a'), std::string(64, '0'), 1, 9};
  CAF_CHECK_EQUAL(validate(x), "");
  x.highest_effort = 10;
  CAF_CHECK_EQUAL(validate(x), "an effort is out of range");
  x = {std::string(64, 'a'), std::string(64, '0'), 4, 3};
  CAF_CHECK_EQUAL(validate(x), "an effort is out of range");
  for (const auto& bad : {std::string{}, std::string(63, 'a'),
                          std::string(64, 'A'), std::string(64, '\'')})
    CAF_CHECK_EQUAL(validate(result_query{bad, std::string(64, '0'), 1, 9}),
                    "content_hash or recipe_hash is no SHA-256");
}

CAF_TEST(marks are short and hold what their names say) {
  auto of = [](const std::function<void(image_marks&)>& change) {
    image_marks x{
      std::string(64, 'a'), std::string(64, 'b'), 3, "L~TSUA~q", "#00ff00",
      "00112233445566ff"};
    change(x);
    known_result found;
    found.marks.push_back(x);
    return validate(found);
  };
  CAF_CHECK_EQUAL(of([](auto&) {}), "");
  CAF_CHECK_EQUAL(of([](auto& x) { x.content_hash = x.recipe_hash = ""; }), "");
  CAF_CHECK(has(of([](auto& x) { x.recipe_hash = ""; }), "no SHA-256"));
  CAF_CHECK(has(of([](auto& x) { x.avif_effort = 10; }), "avif_effort"));
  CAF_CHECK(
    has(of([](auto& x) { x.blur_hash = std::string(29, 'x'); }), "blur_hash"));
  CAF_CHECK(
    has(of([](auto& x) { x.dominant_color = "#00ff0g"; }), "dominant_color"));
  CAF_CHECK(
    has(of([](auto& x) { x.perceptual_hash = "1"; }), "perceptual_hash"));
}

CAF_TEST(a chaos order names an actor to kill or a time to stay away) {
  chaos_order x{"worker-1", chaos_action::kill_actor, "processor", 0};
  CAF_CHECK_EQUAL(validate(x), "");
  x.actor = "dispatcher";
  CAF_CHECK_EQUAL(validate(x),
                  "actor is not one of processor_pool, uplink, processor");
  x.actor.clear();
  x.action = chaos_action::cut;
  for (auto bad : {int64_t{0}, int64_t{-1}, int64_t{600'001}, INT64_MAX}) {
    x.duration_ms = bad;
    CAF_CHECK_EQUAL(validate(x), "duration_ms is out of range");
  }
  for (auto good : {int64_t{1}, int64_t{600'000}}) {
    x.duration_ms = good;
    CAF_CHECK_EQUAL(validate(x), "");
  }
  x.action = static_cast<chaos_action>(2);
  CAF_CHECK_EQUAL(validate(x), "unknown action");
}

CAF_TEST(jobs and outcomes say whose they are) {
  auto x = ended();
  x.job_id.clear();
  CAF_CHECK_EQUAL(validate(x), "job_id is empty or too long");
  auto y = work();
  y.token.clear();
  CAF_CHECK(has(validate(y), "token is empty"));
  CAF_CHECK(!validate(job_update{}).empty());
}

CAF_TEST(a commit holds one part of an image and staged files only) {
  auto x = ended();
  x.commit = {rows(), rows()};
  CAF_CHECK_EQUAL(validate(x), "there is more than one commit");
  x.commit = {rows()};
  x.commit[0].part = image_part{200};
  CAF_CHECK_EQUAL(validate(x), "commit: part 200 of an image is unknown");
  x.commit = {rows()};
  x.commit[0].files[0].staged = "originals/cat.jpg";
  CAF_CHECK_EQUAL(validate(x),
                  "commit: staged is not the name of a staged file");
  x.commit = {rows()};
  x.commit[0].files.resize(97, x.commit[0].files[0]);
  CAF_CHECK_EQUAL(validate(x), "commit: there are too many files");
}

CAF_TEST(a vector is of numbers) {
  auto x = ended();
  x.commit = {rows()};
  auto& vector = x.commit[0].embedding.emplace_back().vector;
  CAF_CHECK(has(validate(x), "too few"));
  vector.assign(65536, 0.1f);
  CAF_CHECK_EQUAL(validate(x), "");
  vector.push_back(0.1f);
  CAF_CHECK(has(validate(x), "too many floats"));
  vector = {0.1f, std::numeric_limits<float>::infinity()};
  CAF_CHECK(has(validate(x), "not a number"));
}

CAF_TEST(what stands in for an invalid outcome fails the job for good) {
  auto x = invalid_outcome("1", "token", "unknown outcome kind");
  CAF_CHECK_EQUAL(validate(x), "");
  CAF_CHECK(x.kind == outcome_kind::refused);
  CAF_CHECK(has(x.reason, "unknown outcome kind"));
}
