#include "sim/store_actors.hpp"

#include "services/catalog/fence.hpp"
#include "sim/held_request.hpp"

#include <caf/typed_response_promise.hpp>

#include <memory>
#include <utility>

namespace darkroom::sim {

namespace {

/// A request that a script answers. The actor is blocked meanwhile.
/// @param fail turns a failure into a reply
template <class Reply, class Actor>
caf::result<Reply> serve(Actor* self, const redis_client& client,
                         std::function<Reply()> script,
                         std::function<Reply(std::string)> fail) {
  auto request = held_request::of(self);
  auto reply = std::make_shared<Reply>();
  auto id = self->id();
  client.on.block(id);
  client.redis.call(
    client.home, client.fence, [reply, script] { *reply = script(); },
    [client, id, request, reply, fail](std::string why) {
      client.on.unblock(id);
      request.answer(why.empty() ? std::move(*reply) : fail(std::move(why)));
    });
  return self->template make_response_promise<Reply>();
}

store_reply failed_step(std::string why) {
  store_reply out;
  out.failure = std::move(why);
  return out;
}

id_list failed_list(std::string why) {
  return {std::move(why), {}};
}

store_reply nothing_until(int64_t due) {
  store_reply out;
  out.next_due = due;
  return out;
}

/// Claims after a wait, and must not lose the marker that woke it.
void claim_after(const redis_client& client, const watch_request& what,
                 bool is_woken, std::function<void(store_reply)> answer) {
  auto reply = std::make_shared<store_reply>();
  client.redis.call(
    client.home, client.fence,
    [client, what, reply, now = client.on.now_ms()] {
      *reply = client.redis.step({{}, {}, what.slots, what.token}, now);
    },
    [client, is_woken, reply, answer](std::string why) {
      if (!why.empty() && is_woken)
        client.redis.restore_marker(client.home);
      answer(why.empty() ? std::move(*reply) : failed_step(std::move(why)));
    });
}

} // namespace

job_store_actor::behavior_type sim_job_store(job_store_actor::pointer self,
                                             redis_client client) {
  return {
    [self, client](const store_step& x) {
      return serve<store_reply>(
        self, client,
        [client, x, now = client.on.now_ms()] {
          return client.redis.step(x, now);
        },
        failed_step);
    },
    [self, client](const renew_leases& x) {
      return serve<id_list>(
        self, client, [client, x] { return client.redis.renew(x); },
        failed_list);
    },
    [self, client](stalled, const renew_leases& x) {
      return serve<id_list>(
        self, client, [client, x] { return client.redis.check_stalled(x); },
        failed_list);
    },
    [self, client](const return_orphans& x) {
      return serve<id_list>(
        self, client, [client, x] { return client.redis.return_orphans(x); },
        failed_list);
    },
    // No simulated job calls a provider.
    [](const provider_query&) { return provider_permit{}; },
    [](const provider_report&) { return provider_news{}; },
    [](end_rest, const std::string&, bool) { return id_list{}; },
  };
}

job_watcher_actor::behavior_type
sim_job_watcher(job_watcher_actor::pointer self, redis_client client,
                marker_wait_ptr wait) {
  return {
    [self, client, wait](const watch_request& x) -> caf::result<store_reply> {
      auto request = held_request::of(self);
      auto answer = [client, request, id = self->id()](store_reply reply) {
        client.on.unblock(id);
        request.answer(std::move(reply));
      };
      client.on.block(self->id());
      wait->done = [client, x, answer](marker_wait::end how) {
        if (how == marker_wait::end::interrupted) {
          answer(nothing_until(x.deadline));
          client.redis.restore_marker(client.home);
        } else if (how == marker_wait::end::failed) {
          auto unsent = failed_step("Redis is down");
          unsent.is_unsent = true;
          answer(std::move(unsent));
        } else {
          claim_after(client, x, how == marker_wait::end::marked, answer);
        }
      };
      client.redis.wait_for_marker(wait, x.deadline);
      return self->make_response_promise<store_reply>();
    },
  };
}

lease_keeper_actor::behavior_type
sim_lease_keeper(lease_keeper_actor::pointer self, redis_client client,
                 std::string holder, milliseconds duration,
                 std::function<void()> on_lost) {
  self->send(self, renew_v);
  return {
    [self, client, holder, duration, on_lost](renew) {
      self->delayed_send(self, duration / 3, renew_v);
      auto is_lost = std::make_shared<bool>(false);
      auto id = self->id();
      client.on.block(id);
      client.redis.call(
        client.home,
        [client, holder, duration, is_lost] {
          auto now = client.on.now_ms();
          auto& lease = client.redis.lease();
          auto got = lease.take(holder, duration.count(), client.fence, now);
          *is_lost = got.fence == 0;
        },
        [client, id, is_lost, on_lost](const std::string& why) {
          client.on.unblock(id);
          if (why.empty() && *is_lost)
            on_lost();
        });
    },
  };
}

catalog_actor::behavior_type sim_catalog(catalog_actor::pointer self,
                                         redis_client client,
                                         std::shared_ptr<catalog_rows> rows) {
  constexpr microseconds quickest{200};
  constexpr microseconds slowest{20000};
  auto pass = [rows](const std::string& image_id, const attempt_stamp& stamp) {
    auto& newest = (*rows)[image_id];
    if (check_fence(newest, stamp) == fence_verdict::older)
      return is_same_job(newest, stamp) ? commit_status::fenced
                                        : commit_status::superseded;
    newest = stamp;
    return commit_status::stored;
  };
  return {
    [=](const image_commit& x) -> caf::result<commit_result> {
      auto request = held_request::of(self);
      client.on.block(self->id());
      auto write = [client, pass, x, request, id = self->id()] {
        client.on.unblock(id);
        auto how = pass(x.image_id, x.stamp);
        if (how == commit_status::stored)
          client.redis.books().stored(x.image_id, x.stamp);
        else
          client.redis.books().refused(x.stamp);
        request.answer(
          commit_result{spoil_refusal(client.redis.put_in(), how), "old"});
      };
      client.on.in(client.home, client.on.random().between(quickest, slowest),
                   write);
      return self->make_response_promise<commit_result>();
    },
    [](const result_query&) { return known_result{}; },
    [pass](const part_note& x) { pass(x.image_id, x.stamp); },
    [](const void_files&) {},
  };
}

event_publisher_actor::behavior_type sim_event_publisher() {
  return {
    [](const event_batch&) {},
    [](const provider_alert&) {},
  };
}

notifier_actor::behavior_type sim_notifier() {
  return {
    [](const final_failure&) {},
    [](const provider_alert&) {},
    [](const drift_alert&) {},
    [](poll) {},
  };
}

} // namespace darkroom::sim
