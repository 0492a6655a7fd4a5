#include "tests/support/dispatcher_fixture.hpp"

namespace darkroom {

dispatcher_fixture::dispatcher_fixture() {
  options.queue.limit_max = 0;
  options.node = "main";
  options.token_prefix = "boot";
  options.orphan_prefix = "boot";
  options.now = [this] {
    return now();
  };
  options.wake_watcher = [x = queue] {
    x->interrupt();
  };
  for (auto which : {role::job_store_a, role::job_store_b})
    play(which, sys.spawn(fake_job_store, queue));
  play(role::job_watcher, sys.spawn(fake_job_watcher, queue));
  play(role::catalog, sys.spawn(fake_catalog, peers));
  play(role::event_publisher, sys.spawn(fake_event_publisher, peers));
  play(role::notifier, sys.spawn(fake_notifier, peers));
}

dispatcher_fixture::~dispatcher_fixture() {
  for (int i = 0; i < static_cast<int>(role::count_); ++i)
    roles->set(static_cast<role>(i), nullptr);
  end_all();
  queue->held.clear();
  queue->held_lists.clear();
  queue->watching.clear();
  peers->held_commits.clear();
  for (auto& x : pools_)
    x->dispatcher = nullptr;
}

void dispatcher_fixture::start() {
  dispatcher_ = sys.spawn(dispatcher, roles, options);
  play(role::dispatcher, dispatcher_);
  settle();
}

void dispatcher_fixture::limit(uint32_t starts) {
  options.queue.limit_max = starts;
  options.queue.limit_window = milliseconds{1000};
  play(role::rate_limiter, sys.spawn(fake_rate_limiter, peers));
}

void dispatcher_fixture::claim_without_answer() {
  queue->failure = "Redis is away";
  start();
  join(1);
  queue->failure.clear();
  pass(milliseconds{1000});
}

test_pool dispatcher_fixture::make_pool() {
  auto log = std::make_shared<fake_pool_log>();
  pools_.push_back(log);
  return {ends(sys.spawn(fake_pool, log)), log};
}

test_pool dispatcher_fixture::join(uint32_t slots, const std::string& node,
                                   std::vector<job> running,
                                   std::vector<std::string> job_types) {
  auto pool = make_pool();
  pool.job_types = std::move(job_types);
  pool.hello(dispatcher_, node, slots, std::move(running));
  settle();
  return pool;
}

outcome dispatcher_fixture::ended(const job& x, outcome_kind kind) {
  outcome out;
  out.job_id = x.id;
  out.token = x.token;
  out.kind = kind;
  out.value = "\"done\"";
  out.reason = kind == outcome_kind::completed ? "" : "went wrong";
  return out;
}

void dispatcher_fixture::report(const test_pool& pool, const std::string& id,
                                const std::string& progress) {
  auto x = pool.find(id);
  pool.send(dispatcher_, update_batch{{{x.id, x.token, false, progress, 0}}});
  settle();
}

std::vector<settlement>
dispatcher_fixture::settled(const std::string& id) const {
  std::vector<settlement> out;
  for (const auto& x : queue->settled())
    if (x.job_id == id)
      out.push_back(x);
  return out;
}

settlement dispatcher_fixture::settled_at(const std::string& id,
                                          size_t index) const {
  auto all = settled(id);
  if (index >= all.size())
    CAF_FAIL("job " << id << " has " << all.size() << " settlements");
  return all[index];
}

bool dispatcher_fixture::is_settled(const std::string& id,
                                    settle_kind kind) const {
  auto all = settled(id);
  return all.size() == 1 && all[0].kind == kind;
}

void running_fixture::run(int jobs, uint32_t slots, const std::string& name) {
  queue->add(jobs, name);
  for (auto& x : queue->waiting)
    x.data = R"({"imageId":"cat","filePath":"cat.jpg"})";
  start();
  pool = join(slots);
  size_t running = std::min(static_cast<uint32_t>(jobs), slots);
  CAF_REQUIRE_EQUAL(pool.log->jobs.size(), running);
}

void running_fixture::lose_connection() {
  self->send(dispatcher_, node_lost{"node-1"});
  settle();
  pool.hello(dispatcher_, "node-1", 1, {pool.find("1")});
  settle();
}

outcome running_fixture::with_commit(const std::string& id) const {
  auto x = ended(pool.find(id));
  image_commit rows;
  rows.image_id = "cat";
  rows.part = image_part::variants;
  x.commit.push_back(rows);
  return x;
}

} // namespace darkroom
