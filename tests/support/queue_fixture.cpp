#include "tests/support/queue_fixture.hpp"

namespace darkroom {

queue_fixture::queue_fixture()
  : queue(test::shared_redis().settings(), settings) {}

queue_settings queue_fixture::unlimited() {
  queue_settings out;
  out.name = "q";
  out.limit_max = 0;
  return out;
}

job_queue
queue_fixture::other(const std::function<void(queue_settings&)>& change) {
  auto changed = settings;
  change(changed);
  return {test::shared_redis().settings(), changed};
}

job_queue queue_fixture::other(queue_context context) {
  return {test::shared_redis().settings(), settings, std::move(context)};
}

std::string queue_fixture::add(const new_job& x) {
  return must(queue.add({x}, now)).at(0);
}

strings queue_fixture::add_many(size_t count) {
  return must(queue.add(std::vector<new_job>(count, plain()), now));
}

new_job queue_fixture::plain() {
  return {"echo", R"({"n":1})", R"({"attempts":3})", {}, 0, 0, false};
}

new_job queue_fixture::named(std::string id) {
  auto x = plain();
  x.id = std::move(id);
  return x;
}

new_job queue_fixture::delayed(int64_t ms) {
  auto x = plain();
  x.delay_ms = ms;
  return x;
}

new_job queue_fixture::ranked(uint32_t priority) {
  auto x = plain();
  x.priority = priority;
  return x;
}

new_job queue_fixture::lifo() {
  auto x = plain();
  x.lifo = true;
  return x;
}

store_reply queue_fixture::claim_all(uint32_t count, const std::string& token) {
  return must(queue.step({{}, {}, count, token}, now));
}

strings queue_fixture::claim(uint32_t count, const std::string& token) {
  return ids(claim_all(count, token).jobs);
}

strings queue_fixture::ids(const std::vector<job>& jobs) {
  strings out;
  for (const auto& x : jobs)
    out.push_back(x.id);
  return out;
}

job queue_fixture::started(const new_job& x) {
  add(x);
  auto reply = claim_all();
  if (reply.jobs.size() != 1)
    CAF_FAIL("claimed " << reply.jobs.size() << " jobs");
  events();
  return reply.jobs.at(0);
}

std::vector<job> queue_fixture::started_many(size_t count) {
  add_many(count);
  auto reply = claim_all(static_cast<uint32_t>(count));
  CAF_REQUIRE_EQUAL(reply.jobs.size(), count);
  events();
  return reply.jobs;
}

settlement queue_fixture::ending(const job& x, settle_kind kind,
                                 std::string value) {
  settlement out;
  out.job_id = x.id;
  out.token = x.token;
  out.attempt = x.attempt;
  out.kind = kind;
  out.value = std::move(value);
  out.max_attempts = x.options.attempts;
  return out;
}

settlement queue_fixture::completed(const job& x) {
  return ending(x, settle_kind::complete, "7");
}

settlement queue_fixture::failed(const job& x) {
  return ending(x, settle_kind::fail, "broke");
}

store_reply queue_fixture::step(std::vector<settlement> batch, uint32_t count) {
  return must(queue.step({{}, std::move(batch), count, "t:2"}, now));
}

std::string queue_fixture::settle(std::vector<settlement> batch) {
  std::string out;
  for (auto status : step(std::move(batch)).statuses)
    out += ".GFNCUB"[status];
  return out;
}

std::string queue_fixture::settle(const settlement& x) {
  return settle(std::vector{x});
}

} // namespace darkroom
