#include "services/codec/encoding.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace darkroom {

namespace {

constexpr double decode_share = 0.1; // of the time for all variants

bool fits(const encoded_file& file, const encode_order& order) {
  return !file.bytes.empty() && file.width > 0 && file.height > 0
         && file.width <= order.width && file.height <= order.height;
}

} // namespace

encoding::encoding(codec_talk& talk, codec_budget::share& mine,
                   std::vector<planned_file> plan, const variant_wishes& wishes)
  : talk_(talk),
    mine_(mine),
    plan_(std::move(plan)),
    wishes_(wishes),
    done_(decode_share) {}

status encoding::finish() {
  report();
  for (;;) {
    auto left = outcome_ ? plan_.size() - next_ : 0;
    mine_.want_cores(static_cast<uint32_t>(left));
    if (auto started = start(); !started)
      return started;
    if (running_ == 0 && (!outcome_ || next_ == plan_.size()))
      return outcome_;
    if (auto waited = wait(); !waited)
      return waited;
  }
}

// Starts a file on each core that is free, or gives these cores back.
status encoding::start() {
  while (outcome_ && next_ < plan_.size() && busy_ < mine_.cores()) {
    auto& order = plan_[next_].order;
    begun_.push_back(clock::now());
    order.threads = threads_for(plan_[next_]);
    auto sent
      = talk_.send({.operation = codec_operation::encode, .order = order});
    if (!sent)
      return sent;
    ++next_;
    ++running_;
    busy_ += order.threads;
  }
  if (auto idle = mine_.cores() - busy_; idle > 0)
    mine_.give_back_cores(idle);
  return ok;
}

// Several threads for a file that would take longer than its share of the
// cores, if no other picture waits for them: with one thread, the others would
// wait for this file at the end.
uint32_t encoding::threads_for(const planned_file& file) const {
  constexpr uint32_t most = 8; // libaom gains little from more at 1920 pixels
  if (file.order.format != picture_format::avif || mine_.is_contended())
    return 1;
  auto left = 0.0;
  for (auto i = next_; i < plan_.size(); ++i)
    left += plan_[i].cost;
  auto fair = std::ceil(file.cost / left * mine_.cores());
  return std::clamp(static_cast<uint32_t>(fair), 1u,
                    std::min(mine_.cores() - busy_, most));
}

// Waits for an answer or for more cores.
status encoding::wait() {
  auto answers = talk_.wait_for_answer_or(mine_.ready_fd());
  if (!answers)
    return std::move(answers.error());
  mine_.clear();
  return *answers ? take_answer() : ok;
}

status encoding::take_answer() {
  auto got = talk_.receive();
  if (!got && !talk_.is_usable())
    return std::move(got.error());
  if (running_ == 0)
    return talk_.distrust("it answered although nothing was asked");
  --running_;
  if (got)
    return keep(std::move(*got));
  outcome_ = std::move(got.error());
  return ok;
}

status encoding::keep(codec_response answer) {
  if (answer.number >= next_ || plan_[answer.number].types.empty())
    return talk_.distrust("it made a file that nobody ordered");
  if (!fits(answer.file, plan_[answer.number].order))
    return talk_.distrust("it made a file of another size");
  auto& from = plan_[answer.number];
  busy_ -= from.order.threads;
  mine_.give_back_cores(from.order.threads);
  auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
    clock::now() - begun_[answer.number]);
  files_.push_back({std::exchange(from.types, {}), from.order.format,
                    std::move(answer.file),
                    std::max(took, std::chrono::milliseconds{1})});
  done_ += (1 - decode_share) * from.cost;
  report();
  return ok;
}

void encoding::report() const {
  if (wishes_.progress)
    wishes_.progress(std::min(done_, 1.0));
}

} // namespace darkroom
