// The part of queue_admin that removes many jobs.
#include "services/redis/queue_admin.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>

namespace darkroom {

namespace {

constexpr uint64_t removal_slice = 1000; // jobs per script: 20 ms of Redis

/// The suffixes of the keys that hold the jobs of a state.
/// @param state its name, as people know it
result<std::vector<std::string>> keys_of_state(const std::string& state) {
  if (state == "waiting" || state == "wait")
    return std::vector<std::string>{"wait", "paused"};
  for (const auto* known : {"active", "prioritized", "delayed", "completed",
                            "failed", "waiting-children"})
    if (state == known)
      return std::vector<std::string>{state};
  return fail(ec::bad_input,
              "unknown state '" + state
                + "'; known are waiting, active, prioritized, delayed, "
                  "completed, failed, waiting-children");
}

} // namespace

result<redis_reply> queue_admin::call_removal(const char* script,
                                              redis_command args) {
  args.insert(args.end(), watched_.begin(), watched_.end());
  return connection_.script(script, args);
}

void queue_admin::pass_removed(const redisReply& jobs) {
  std::vector<removed_job> out;
  for (size_t i = 0; i < jobs.elements; ++i) {
    const auto& x = *jobs.element[i];
    if (x.elements == 5)
      out.push_back({std::string{text_of(*x.element[0])},
                     std::string{text_of(*x.element[1])},
                     std::string{text_of(*x.element[4])},
                     number_of(*x.element[2]),
                     static_cast<uint32_t>(number_of(*x.element[3]))});
  }
  if (on_removed_ && !out.empty())
    on_removed_(out);
}

void queue_admin::count_removed(uint64_t more) {
  removed_ += more;
  if (on_progress_)
    on_progress_(removed_);
}

result<uint64_t>
queue_admin::remove_all(const std::string& state, const std::string& until,
                        uint64_t limit, bool tells, int64_t now) {
  auto time = std::to_string(now);
  auto look = std::to_string(removal_slice);
  uint64_t removed = 0;
  uint64_t kept = 0;
  while (limit == 0 || removed < limit) {
    auto most = std::to_string(
      limit == 0 ? removal_slice : std::min(removal_slice, limit - removed));
    auto skip = std::to_string(kept);
    auto reply = call_removal("remove_slice.lua",
                              {keys_.base(), time, state, until, skip, look,
                               most, tells ? "1" : "0"});
    if (!reply)
      return std::move(reply.error());
    if ((*reply)->type != REDIS_REPLY_ARRAY || (*reply)->elements < 2)
      return fail(ec::protocol, "remove_slice.lua gave an unexpected reply");
    auto looked = static_cast<uint64_t>(number_of(*(*reply)->element[0]));
    auto gone = (*reply)->elements - 2;
    pass_removed(*(*reply)->element[1]);
    if (looked == 0)
      break;
    removed += gone;
    count_removed(gone);
    kept += looked - gone;
  }
  return removed;
}

result<uint64_t> queue_admin::drain(bool with_delayed, int64_t now) {
  std::vector<std::string> states{"wait", "paused", "prioritized"};
  if (with_delayed)
    states.emplace_back("delayed");
  uint64_t all = 0;
  for (const auto& state : states) {
    auto removed = remove_all(state, "", 0, false, now);
    if (!removed)
      return std::move(removed.error());
    all += *removed;
  }
  return all;
}

result<uint64_t> queue_admin::clean(const clean_request& what, int64_t now) {
  auto states = keys_of_state(what.state);
  if (!states)
    return std::move(states.error());
  auto until = std::to_string(now - what.older_ms);
  uint64_t all = 0;
  for (const auto& state : *states) {
    if (what.limit > 0 && all >= what.limit)
      break;
    auto left = what.limit > 0 ? what.limit - all : 0;
    auto removed = remove_all(state, until, left, true, now);
    if (!removed)
      return std::move(removed.error());
    all += *removed;
  }
  return all;
}

status queue_admin::obliterate(bool is_forced, int64_t now) {
  auto paused = connection_.script("pause_queue.lua", {keys_.base(), "1"});
  if (!paused)
    return std::move(paused.error());
  auto time = std::to_string(now);
  auto most = std::to_string(removal_slice);
  for (;;) {
    auto reply = call_removal("obliterate_queue.lua", {keys_.base(), time, most,
                                                       is_forced ? "1" : "0"});
    if (!reply)
      return std::move(reply.error());
    if ((*reply)->type == REDIS_REPLY_ARRAY) {
      pass_removed(*(*reply)->element[1]);
      if (number_of(*(*reply)->element[0]) == 0)
        return ok;
      continue;
    }
    switch (number_of(**reply)) {
      case -1:
        return fail(ec::conflict,
                    "queue '" + name_ + "' was resumed meanwhile: try again");
      default:
        return fail(ec::conflict,
                    "jobs of queue '" + name_
                      + "' run: it is paused now, so try again once they have "
                        "ended, or with --force");
    }
  }
}

} // namespace darkroom
