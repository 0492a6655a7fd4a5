/// Every actor interface, with a comment per message. Shapes of the messages:
/// `messages/cluster.hpp`, `node.hpp`, `job.hpp`, `permit.hpp`,
/// `provider_call.hpp`,/// `settlement.hpp`, `event.hpp`.
#pragma once

#include "messages/type_ids.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace darkroom {

/// The JOB STORE interface: one Redis connection for commands. Detached.
using job_store_actor = caf::typed_actor<
  // Writes updates, settles and claims: one round trip for 1000 updates.
  caf::replies_to<store_step>::with<store_reply>,
  // Renews locks; answers which leases are lost.
  caf::replies_to<renew_leases>::with<id_list>,
  // Runs BullMQ's stalled check but spares these leases; answers which jobs it
  // recovered.
  caf::replies_to<stalled, renew_leases>::with<id_list>,
  // Gives back jobs that nobody runs; answers which.
  caf::replies_to<return_orphans>::with<id_list>,
  // Books a call to a provider, or finds the answer.
  caf::replies_to<provider_query>::with<provider_permit>,
  // Takes what became of such a call.
  caf::replies_to<provider_report>::with<provider_news>,
  // Lets the jobs that wait for a provider of this resource go on; with true,
  // ends the rest of its providers, too. Answers which have ended.
  caf::replies_to<end_rest, std::string, bool>::with<id_list>>;

/// The JOB WATCHER interface: the blocking Redis connection. Detached.
using job_watcher_actor = caf::typed_actor<
  // Blocks until there may be work, then claims at once.
  caf::replies_to<watch_request>::with<store_reply>>;

/// The RATE LIMITER interface.
using rate_limiter_actor = caf::typed_actor<
  // Grants as many starts as the window allows now; never queues the caller.
  caf::replies_to<permit_request>::with<permit>,
  // Learns which granted permits were used, and what limit Redis reported.
  caf::reacts_to<permit_report>>;

/// The DISPATCHER interface: decides which job runs where.
using dispatcher_actor = caf::typed_actor<
  // A pool offers its slots; the sender is the pool. Answers the number of
  // slots once everything the pool sent before has arrived.
  caf::replies_to<pool_hello>::with<uint32_t>,
  // Jobs have ended; the sender is the pool.
  caf::reacts_to<outcome_batch>,
  // Running jobs report progress and log lines.
  caf::reacts_to<update_batch>,
  // A node is lost: its jobs go to other nodes.
  caf::reacts_to<node_lost>,
  // A running job wants to call a provider.
  caf::replies_to<provider_query>::with<provider_permit>,
  // A running job has called a provider.
  caf::replies_to<provider_report>::with<provider_news>,
  // A running job looks for variants of the same bytes.
  caf::replies_to<result_query>::with<known_result>,
  // An operator cancels jobs, which fails them for good. Answers which of them
  // run here.
  caf::replies_to<cancel_jobs>::with<id_list>,
  // Answers the state of its work.
  caf::replies_to<look_work>::with<dispatch_status>,
  // Takes no new jobs; answers when none is left or the grace time (ms) is up.
  caf::replies_to<drain, int64_t>::with<drain_report>,
  // INTERNAL: claims and settles as much as is possible now.
  caf::reacts_to<pump>,
  // INTERNAL: renews all leases.
  caf::reacts_to<renew>,
  // INTERNAL: runs the stalled check.
  caf::reacts_to<stalled>,
  // INTERNAL: gives back jobs that we locked and nobody runs.
  caf::reacts_to<reap>,
  // INTERNAL: the grace time of a drain is up.
  caf::reacts_to<overdue>>;

/// The PROCESSOR POOL interface: a node's slots.
using processor_pool_actor = caf::typed_actor<
  // Runs jobs, forgets settled outcomes; the sender is the dispatcher.
  caf::reacts_to<job_batch>,
  // Stops runs of jobs.
  caf::reacts_to<cancel_runs>,
  // Takes no new jobs, or takes them again.
  caf::reacts_to<node_order>,
  // Chaos: kills a processor; ignores any other chaos.
  caf::reacts_to<chaos_order>,
  // Answers what it is doing.
  caf::replies_to<look_pool>::with<pool_status>,
  // A processor has finished its job.
  caf::reacts_to<outcome>,
  // A running job reports progress or a log line.
  caf::reacts_to<job_update>,
  // A running job wants to call a provider.
  caf::replies_to<provider_query>::with<provider_permit>,
  // A running job has called a provider.
  caf::replies_to<provider_report>::with<provider_news>,
  // A running job looks for variants of the same bytes.
  caf::replies_to<result_query>::with<known_result>,
  // Takes no new jobs; answers when no job runs or the grace time (ms) is up.
  caf::replies_to<drain, int64_t>::with<drain_report>,
  // INTERNAL: the grace time of a drain is up.
  caf::reacts_to<overdue>,
  // INTERNAL: the grace time of a cancelled job (by key) is up.
  caf::reacts_to<overdue, std::string>,
  // From the uplink when it lost or made the link to the main node, or
  // INTERNAL: looks for the dispatcher and offers the slots to it.
  caf::reacts_to<poll>>;

/// The PROCESSOR interface: runs one blocking job at a time. Detached.
using processor_actor = caf::typed_actor<
  // Runs the job and sends its outcome to the pool.
  caf::reacts_to<job>>;

/// The EVENT PUBLISHER interface: the Redis PUBLISH connection. Detached.
using event_publisher_actor = caf::typed_actor<
  // Publishes events in this order; progress is throttled.
  caf::reacts_to<event_batch>,
  // Publishes that a provider rests or works again, or the budget is used up.
  caf::reacts_to<provider_alert>>;

/// The EVENT TAIL interface: reads the queue's event stream. Detached.
using event_tail_actor = caf::typed_actor<
  // INTERNAL: waits for new entries and tells the event publisher.
  caf::reacts_to<poll>>;

/// The EVENT FEED interface: the Redis SUBSCRIBE connection. Detached.
using event_feed_actor = caf::typed_actor<
  // INTERNAL: waits for messages and hands them to the SSE hub.
  caf::reacts_to<poll>>;

/// The CATALOG interface: the database. Detached. If it answers with an error,
/// the database is down: ask again.
using catalog_actor = caf::typed_actor<
  // Stores what a job leaves behind, if its attempt is still the newest.
  caf::replies_to<image_commit>::with<commit_result>,
  // Answers which image has variants of these bytes, made by this recipe.
  caf::replies_to<result_query>::with<known_result>,
  // A part begins, or has failed for good. If this is a request, the answer is
  // an error while a failure cannot be stored.
  caf::reacts_to<part_note>,
  // Removes the staged files of a result that was refused.
  caf::reacts_to<void_files>>;

/// The NOTIFIER interface: tells the admins. Detached.
using notifier_actor = caf::typed_actor<
  // A job failed for good.
  caf::reacts_to<final_failure>,
  // A provider rests or works again, or the budget is used up.
  caf::reacts_to<provider_alert>,
  // Catalog, queue and files contradict each other, or agree again.
  caf::reacts_to<drift_alert>,
  // INTERNAL: makes the calls of the webhook that are due.
  caf::reacts_to<poll>>;

/// The CHORE interface: does something every so often, such as having pictures
/// of lower providers described again. Detached.
using chore_actor = caf::typed_actor<
  // INTERNAL: the next time is due.
  caf::reacts_to<poll>>;

/// The DRIFT WATCHER interface: compares catalog, queue and files. Detached.
using drift_watcher_actor = caf::typed_actor<
  // INTERNAL: the next look is due.
  caf::reacts_to<poll>>;

/// The NODE REGISTRY interface: which worker nodes are alive. Published.
using node_registry_actor = caf::typed_actor<
  // The first message of a node, to a main node of any version: its protocol,
  // Darkroom's version, its name. Answers the main node's protocol and version.
  // Never change this message: every version can read numbers and texts.
  caf::replies_to<uint32_t, std::string, std::string>::with<uint32_t,
                                                            std::string>,
  // A node joins, or asks for the dispatcher again.
  caf::replies_to<node_hello>::with<node_welcome>,
  // A node (by name) is alive; answers the main node's boot id.
  caf::replies_to<ping, std::string>::with<std::string>,
  // A node reports its state.
  caf::reacts_to<node_report>,
  // Passes an order on to its node; answers whether the node is known.
  caf::replies_to<node_order>::with<bool>,
  // Chaos: passes it on if the node allows chaos.
  caf::replies_to<chaos_order>::with<chaos_answer>,
  // Lists the nodes.
  caf::replies_to<list_nodes>::with<node_list>,
  // INTERNAL: cuts off silent nodes.
  caf::reacts_to<poll>,
  // INTERNAL: tries to publish itself again; carries the number of tries left.
  caf::reacts_to<restart, uint32_t>>;

/// The UPLINK interface: a worker node's connection to the main node. Detached.
using uplink_actor = caf::typed_actor<
  // The pool lost its dispatcher, or INTERNAL: connects, or asks for the
  // dispatcher again.
  caf::reacts_to<poll>,
  // An operator's order, from the registry.
  caf::reacts_to<node_order>,
  // Chaos, from the registry: kills an actor, or cuts the connection.
  caf::reacts_to<chaos_order>,
  // INTERNAL: tells the registry that this node is alive.
  caf::reacts_to<ping>>;

/// The LEASE KEEPER interface: keeps this main node the active one. Detached.
using lease_keeper_actor = caf::typed_actor<
  // INTERNAL: renews the lease.
  caf::reacts_to<renew>>;

/// The SUPERVISOR interface.
using supervisor_actor = caf::typed_actor<
  // Lists the children in start order.
  caf::replies_to<children>::with<child_list>,
  // INTERNAL: starts a child that ended.
  caf::reacts_to<restart, uint32_t>,
  // INTERNAL: a child that did not stop in time is killed.
  caf::reacts_to<overdue, uint32_t>,
  // INTERNAL: asks the children how many messages wait for them.
  caf::reacts_to<poll>>;

} // namespace darkroom
