#include "sim/sim_processor.hpp"

#include "actors/jobs/job_subject.hpp"
#include "actors/jobs/job_type.hpp"

#include <caf/send.hpp>

#include <optional>

namespace darkroom::sim {

namespace {

constexpr microseconds shortest_run{1000};
constexpr microseconds usual_run{600000};
constexpr microseconds longest_run{4000000};
constexpr microseconds stop_time{20000}; ///< of a job that is cancelled

/// One run of a job.
struct run {
  bench at;
  job work;
  caf::strong_actor_ptr processor, pool;
  std::shared_ptr<run_control> control;
  std::optional<outcome> result; ///< none: the processor dies
  bool is_over = false;
};
using run_ptr = std::shared_ptr<run>;

/// How the run ends, and whether the job itself is to blame.
std::optional<outcome> draw_outcome(dice& random, const job& work) {
  auto out = completed(work, "\"done\"");
  auto luck = random.below(100);
  if (luck < 80) {
    if (work.name == "generate-embeddings") {
      out.commit.emplace_back();
      out.commit.back().image_id = subject_of(work.data).image_id;
      out.commit.back().part = image_part::embedding;
    }
    return out;
  }
  if (luck < 88)
    return failed(work, fail(ec::upstream_failed, "went wrong"));
  if (luck < 90)
    return failed(work, fail(ec::upstream_refused, "can never work"));
  if (luck < 93)
    return failed(work, fail(ec::codec_crashed, "the codec died"));
  if (luck < 97) {
    out.kind = outcome_kind::throttled;
    out.retry_after_ms = 1 + static_cast<int64_t>(random.below(1500));
    return out;
  }
  return std::nullopt;
}

void end(const run_ptr& x) {
  if (std::exchange(x->is_over, true))
    return;
  x->control->on_cancel({});
  x->at.books.ended(x->pool->id(), x->work);
  x->at.on.unblock(x->processor->id());
  if (!x->result) {
    caf::anon_send_exit(x->processor, caf::exit_reason::unhandled_exception);
    return;
  }
  auto kind = x->result->kind;
  if (x->control->is_cancelled() && kind != outcome_kind::completed)
    x->result->kind = outcome_kind::returned;
  else if (kind == outcome_kind::failed || kind == outcome_kind::refused)
    x->at.books.failed(x->work);
  x->pool->enqueue(x->processor, caf::make_message_id(),
                   caf::make_message(std::move(*x->result)), nullptr);
}

void end_in(const run_ptr& x, microseconds delay) {
  x->at.on.in(x->at.home, delay, [x] { end(x); });
}

} // namespace

processor_actor::behavior_type
sim_processor(processor_actor::pointer self, bench at,
              processor_pool_actor pool, std::shared_ptr<run_control> control) {
  return {
    [=](const job& work) {
      auto& random = at.on.random();
      auto x = std::make_shared<run>(run{
        at, work, self->ctrl(), caf::actor_cast<caf::strong_actor_ptr>(pool),
        control, draw_outcome(random, work), false});
      at.books.began(pool.id(), work, at.slots);
      at.on.block(self->id());
      auto longest = random.percent(90) ? usual_run : longest_run;
      end_in(x, random.between(shortest_run, longest));
      // A cancelled job ends when it next checks the control.
      control->on_cancel([x] {
        x->result = failed(x->work, fail(ec::cancelled, "stopped on request"));
        end_in(x, stop_time);
      });
      if (control->is_cancelled())
        end_in(x, stop_time);
    },
  };
}

} // namespace darkroom::sim
