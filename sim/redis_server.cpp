#include "sim/redis_server.hpp"

#include "config/settings.hpp"

#include <algorithm>
#include <utility>

namespace darkroom::sim {

namespace {

constexpr microseconds shortest_trip{30};
constexpr microseconds longest_trip{1500};
const milliseconds command_timeout = redis_settings{}.command_timeout;

} // namespace

void marker_wait::finish(end how) {
  if (done)
    std::exchange(done, {})(how);
}

void marker_wait::interrupt() {
  if (done)
    finish(end::interrupted);
  else
    is_interrupted = true;
}

redis_server::redis_server(stage& on, const queue_settings& settings,
                           bug put_in)
  : stage_(on),
    bug_(put_in),
    books_(on, queue_) {
  queue_.settings = settings;
  queue_.clock = stage_.now_ms();
}

// -- commands -----------------------------------------------------------------

void redis_server::call(const host_ptr& from, std::function<void()> command,
                        std::function<void(failure)> answer) {
  ++calls_;
  // Released with the last function that may still act.
  std::shared_ptr<void> ticket{nullptr, [this](void*) {
                                 --calls_;
                               }};
  answer = [ticket, answer = std::move(answer)](failure why) {
    answer(std::move(why));
  };
  ticket = nullptr;
  auto way = stage_.random().between(shortest_trip, longest_trip);
  auto connection = connection_;
  if (refuses_until_ > stage_.now()) {
    end_call(from, way, connection, "cannot connect to Redis", answer);
    return;
  }
  // Commands that waited run in any order, as each has its own connection.
  auto arrival = std::max(stage_.now(), hangs_until_) + way - stage_.now();
  auto is_late = arrival >= command_timeout;
  if (is_late)
    end_call(from, command_timeout, connection, "Redis did not answer", answer);
  stage_.in(arrival, [this, from, connection, command, answer, is_late] {
    if (connection != connection_ && stage_.random().percent(50)) {
      if (!is_late) // the command was not sent
        end_call(from, {}, connection, {}, answer);
      return;
    }
    queue_.clock = stage_.now_ms();
    command();
    tell_waiting();
    auto way = stage_.random().between(shortest_trip, longest_trip);
    auto is_lost = loses_until_ > stage_.now() && stage_.random().percent(33);
    if (!is_late)
      end_call(from, way, connection,
               is_lost ? "the connection to Redis broke" : "", answer);
  });
}

void redis_server::call(const host_ptr& from, uint64_t fence,
                        std::function<void()> script,
                        std::function<void(failure)> answer) {
  auto is_refused = std::make_shared<bool>(false);
  call(
    from,
    [this, fence, script, is_refused] {
      *is_refused = !passes_fence(bug_, lease_, fence);
      if (*is_refused)
        return;
      if (!lease_.is_valid(fence))
        stage_.blame("a main node that lost its lease changed the queue");
      script();
    },
    [is_refused, answer](failure why) {
      answer(why.empty() && *is_refused ? "FENCED another main node is active"
                                        : std::move(why));
    });
}

void redis_server::end_call(const host_ptr& from, microseconds after,
                            uint64_t connection, failure why,
                            std::function<void(failure)> answer) {
  stage_.in(after, [this, from, connection, why, answer] {
    auto reason = why.empty() && connection != connection_
                    ? failure{"the connection to Redis broke"}
                    : why;
    stage_.in(from, microseconds{0}, [answer, reason] { answer(reason); });
  });
}

// -- the marker ---------------------------------------------------------------

void redis_server::wait_for_marker(const marker_wait_ptr& by, int64_t until) {
  if (std::exchange(by->is_interrupted, false)) {
    by->finish(marker_wait::end::interrupted);
    return;
  }
  if (refuses_until_ > stage_.now()) {
    stage_.in(by->home, shortest_trip,
              [by] { by->finish(marker_wait::end::failed); });
    return;
  }
  auto count = ++by->count;
  std::erase(waiting_, by);
  waiting_.push_back(by);
  auto left = std::max<int64_t>(until - stage_.now_ms(), 2);
  stage_.in(by->home, milliseconds{left}, [by, count] {
    if (by->count == count)
      by->finish(marker_wait::end::deadline);
  });
  tell_waiting();
}

void redis_server::tell_waiting() {
  if (hangs_until_ > stage_.now())
    return;
  std::erase_if(waiting_,
                [](const auto& x) { return !x->done || x->home->is_dead(); });
  while (!waiting_.empty() && (queue_.is_marked || queue_.is_due_marked)) {
    std::exchange(queue_.is_marked, false) || (queue_.is_due_marked = false);
    auto first = waiting_.front();
    waiting_.erase(waiting_.begin());
    auto count = first->count;
    auto way = stage_.random().between(shortest_trip, longest_trip);
    stage_.in(first->home, way, [first, count] {
      if (first->count == count)
        first->finish(marker_wait::end::marked);
    });
  }
}

void redis_server::restore_marker(const host_ptr& from) {
  call(
    from, [this] { queue_.is_marked = true; }, [](failure) {});
}

// -- scripts ------------------------------------------------------------------

store_reply redis_server::step(const store_step& what, int64_t now) {
  auto asked = what;
  spoil_step(bug_, asked, queue_);
  auto reply = queue_.step(asked, now);
  spoil_reply(bug_, asked, reply, queue_, now);
  books_.stepped(what, reply, now);
  return reply;
}

id_list redis_server::return_orphans(struct return_orphans what) {
  auto running = what.running;
  spoil_reap(bug_, what);
  id_list out{{}, queue_.return_orphans(what)};
  books_.reaped(running, out.ids);
  return out;
}

id_list redis_server::renew(const renew_leases& what) {
  return {{}, queue_.renew(what)};
}

id_list redis_server::check_stalled(const renew_leases& running) {
  id_list out{{}, queue_.check_stalled(running)};
  for (const auto& id : out.ids)
    stage_.tell("stalled", id);
  books_.changed();
  return out;
}

void redis_server::add(const new_job& what, int64_t now) {
  queue_.clock = stage_.now_ms();
  stage_.tell("added", queue_.add(what, now), what.name);
  books_.changed();
  tell_waiting();
}

// -- faults -------------------------------------------------------------------

void redis_server::refuse(microseconds duration) {
  stage_.tell("redis refuses", std::to_string(duration.count()));
  refuses_until_ = std::max(refuses_until_, stage_.now() + duration);
  drop_connections();
}

void redis_server::hang(microseconds duration) {
  stage_.tell("redis hangs", std::to_string(duration.count()));
  hangs_until_ = std::max(hangs_until_, stage_.now() + duration);
  stage_.in(duration, [this] { tell_waiting(); });
}

void redis_server::lose_answers(microseconds duration) {
  stage_.tell("redis loses answers", std::to_string(duration.count()));
  loses_until_ = std::max(loses_until_, stage_.now() + duration);
}

void redis_server::drop_connections() {
  stage_.tell("redis drops its connections");
  ++connection_;
  for (const auto& x : std::exchange(waiting_, {}))
    stage_.in(x->home, microseconds{0},
              [x] { x->finish(marker_wait::end::failed); });
}

} // namespace darkroom::sim
