#include "actors/claim_budget.hpp"

#include <algorithm>

namespace darkroom {

namespace {

constexpr size_t most_homeless = 1000; // names that are reported

/// How many of the jobs that a script settles make room for its claimed jobs.
uint32_t replaced_by(const pending_claim& what) {
  return std::min(what.settles, what.wanted);
}

} // namespace

claim_budget::claim_budget(bool has_limit) : has_limit_(has_limit) {}

uint32_t claim_budget::allowance(const lease_table& table,
                                 uint32_t settles) const {
  // Slots for the claims of pending scripts are reserved, so ended jobs that
  // these scripts replace must not count again.
  auto ended = table.unsettled() + doubtful_;
  auto leaving = size_t{settles} + replaced_;
  auto free = table.free_slots();
  if (ended > leaving)
    free -= static_cast<uint32_t>(std::min<size_t>(free, ended - leaving));
  return has_limit_ ? std::min(free, permits_) : free;
}

pending_claim claim_budget::open(lease_table& table, uint32_t wanted,
                                 uint32_t settles, int64_t sent) {
  pending_claim out;
  out.wanted = wanted;
  out.settles = settles;
  out.sent = sent;
  if (wanted == 0)
    return out;
  out.slots = table.reserve(wanted);
  out.number = ++opened_;
  ++pending_;
  replaced_ += replaced_by(out);
  permits_ -= std::min(permits_, wanted);
  return out;
}

void claim_budget::close(lease_table& table, const pending_claim& what) {
  if (what.wanted == 0)
    return;
  --pending_;
  replaced_ -= replaced_by(what);
  table.release(what.slots);
}

void claim_budget::doubt(uint32_t wanted) {
  doubtful_ += wanted;
}

void claim_budget::end_doubt() {
  doubtful_ = 0;
}

void claim_budget::limit_until(int64_t time) {
  limited_until_ = std::max(limited_until_, time);
}

bool claim_budget::is_limited(int64_t now) const {
  return now < limited_until_;
}

void claim_budget::lift_limit(int64_t now) {
  if (limited_until_ == 0 || is_limited(now))
    return;
  limited_until_ = 0;
  expects_work_ = true; // Redis does not wake us for jobs that waited
}

bool claim_budget::lacks_permits() const {
  return has_limit_ && permits_ == 0;
}

void claim_budget::grant(uint32_t permits) {
  permits_ = permits;
}

std::vector<std::string> claim_budget::learn(const pending_claim& asked,
                                             const store_reply& reply,
                                             const lease_table& table) {
  expects_work_ = !reply.jobs.empty() && reply.jobs.size() == asked.wanted;
  next_due_ = reply.next_due;
  limit_until(reply.limited_until);
  // If a later claim had a slot for such a job and took none, no such job is
  // left.
  std::erase_if(aside_, [&](const auto& x) {
    auto is_such = [&](const job& taken) {
      return taken.name == x.first;
    };
    return asked.number > x.second && table.has_slot(asked.slots, x.first)
           && std::none_of(reply.jobs.begin(), reply.jobs.end(), is_such);
  });
  std::vector<std::string> homeless;
  for (const auto& name : reply.set_aside) {
    // The claim knew the slots of the time when it was sent. A job that it set
    // aside may have a slot by now, which no claim up to here knew.
    if (table.is_run(name))
      aside_[name] = opened_;
    else if (homeless_.size() < most_homeless && homeless_.insert(name).second)
      homeless.push_back(name);
  }
  return homeless;
}

void claim_budget::look_aside(const lease_table& table) {
  for (const auto& [name, opened] : aside_)
    expects_work_ |= table.has_room(name);
}

} // namespace darkroom
