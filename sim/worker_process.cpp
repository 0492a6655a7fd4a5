#include "actors/jobs/job_type.hpp"
#include "actors/processor_pool.hpp"
#include "actors/supervisor.hpp"
#include "actors/uplink.hpp"
#include "services/codec/capacity.hpp"
#include "sim/held_request.hpp"
#include "sim/process.hpp"
#include "sim/sim_processor.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/sec.hpp>

namespace darkroom::sim {

namespace {

constexpr uint16_t cluster_port = 7700; // any: hosts have their own names
constexpr microseconds handshake{5000}; // at most

/// Builds the specs of one worker process. Copied into the specs' functions.
struct worker_builder {
  world* in;
  process_ptr x;
  find_main find;

  stage& on() const {
    return in->on;
  }

  template <class Handle>
  caf::strong_actor_ptr known_as(role which, Handle spawned) const {
    auto handle = caf::actor_cast<caf::strong_actor_ptr>(spawned);
    on().cast(x->home, to_string(which), handle);
    x->peers->set(which, handle);
    return handle;
  }
};

/// Replaces CAF's middleman.
struct middleman {
  worker_builder worker;

  /// Connects to the main node; null if that fails.
  caf::strong_actor_ptr registry_at(const std::string& node) const {
    auto main = worker.find(node);
    if (!main || !main->registry)
      return nullptr;
    auto over = worker.in->net.connect(worker.x->home, main->home);
    return over ? worker.in->net.proxy_of(over, 0, main->registry) : nullptr;
  }

  void answer(const held_request& request, const std::string& node) const {
    auto registry = registry_at(node);
    auto content
      = caf::make_message(caf::make_error(caf::sec::cannot_connect_to_node));
    auto& system = worker.on().system();
    if (registry)
      content = caf::make_message(
        system.node(), registry,
        system.message_types(caf::detail::type_list<node_registry_actor>{}));
    request.from->enqueue(nullptr, request.id.response_id(), std::move(content),
                          nullptr);
  }
};

/// Untyped, because only connecting is needed of the middleman's interface.
caf::behavior sim_middleman(caf::event_based_actor* self, middleman how) {
  return {
    [self, how](caf::connect_atom, const std::string& node, uint16_t) {
      auto delay = how.worker.on().random().between({}, handshake);
      how.worker.on().in(how.worker.x->home, delay,
                         [how, node, request = held_request::of(self)] {
                           how.answer(request, node);
                         });
      return self->make_response_promise();
    },
  };
}

uplink_options options_of(const worker_builder& worker) {
  const auto& play = worker.in->play;
  uplink_options out;
  out.mains.push_back({"main-a", cluster_port});
  if (play.has_standby)
    out.mains.push_back({"main-b", cluster_port});
  out.hello.protocol = protocol_version();
  out.hello.name = worker.x->home->node;
  out.hello.boot_id = worker.x->home->name;
  out.hello.concurrency = slots_of(play.config);
  out.hello.job_types = *job_types_of(play.config.worker);
  out.cluster = play.config.cluster;
  out.ask_first = [find = worker.find](const endpoint& main) -> status {
    if (!find(main.host))
      return fail(ec::not_found, main.host + " does not listen");
    return ok;
  };
  auto broker = worker.on().system().spawn(sim_middleman, middleman{worker});
  worker.on().cast(worker.x->home, "middleman", broker);
  out.broker = [broker](caf::actor_system&) {
    return caf::actor_cast<caf::io::middleman_actor>(broker);
  };
  out.sever = [](const endpoint&) {
    // The links of the simulation are whole or cut.
  };
  out.measure = [] {
    return machine_info{};
  };
  out.now = [&on = worker.on()] {
    return on.now_ms();
  };
  out.seed = static_cast<uint32_t>(worker.on().random().any());
  out.root = [x = worker.x] {
    return caf::actor_cast<supervisor_actor>(x->root);
  };
  return out;
}

processor_pool_options pool_options_of(const worker_builder& worker) {
  processor_pool_options out;
  out.node = worker.x->home->node;
  out.slots = slots_of(worker.in->play.config);
  out.diagnostics = worker.in->play.config.worker.diagnostics;
  out.cordoned = worker.x->is_cordoned;
  out.spawn_processor = [worker](processor_pool_actor::pointer pool,
                                 std::shared_ptr<run_control> control) {
    bench at{worker.on(), worker.in->redis.books(), worker.x->home,
             slots_of(worker.in->play.config)};
    auto handle = pool->spawn<caf::monitored>(
      sim_processor, at, processor_pool_actor{pool}, std::move(control));
    return worker.on().cast(worker.x->home, "processor", handle);
  };
  return out;
}

} // namespace

void start_worker(world& in, const process_ptr& x, const find_main& find) {
  worker_builder worker{&in, x, find};
  std::vector<child_spec> children;
  children.push_back({to_string(role::uplink), [worker] {
                        return worker.known_as(
                          role::uplink,
                          worker.on().system().spawn(uplink, worker.x->peers,
                                                     options_of(worker)));
                      }});
  children.push_back({to_string(role::processor_pool), [worker] {
                        return worker.known_as(
                          role::processor_pool,
                          worker.on().system().spawn(processor_pool,
                                                     worker.x->peers,
                                                     pool_options_of(worker)));
                      }});
  x->root = caf::actor_cast<caf::strong_actor_ptr>(in.on.system().spawn(
    supervisor, std::move(children), supervisor_options{}));
  in.on.cast(x->home, "supervisor", x->root);
}

} // namespace darkroom::sim
