/// The type numbers of all messages and atoms that actors send. Append only.
#pragma once

#include "messages/cluster.hpp"
#include "messages/event.hpp"
#include "messages/job.hpp"
#include "messages/known_result.hpp"
#include "messages/node.hpp"
#include "messages/permit.hpp"
#include "messages/provider_call.hpp"
#include "messages/records.hpp"
#include "messages/settlement.hpp"

#include <caf/atom.hpp>
#include <caf/type_id.hpp>

CAF_BEGIN_TYPE_ID_BLOCK(darkroom, first_custom_type_id)

  CAF_ADD_TYPE_ID(darkroom, (darkroom::job))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::outcome))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::job_update))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::store_step))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::store_reply))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::image_commit))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::event_batch))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::node_hello))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::node_welcome))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::pool_hello))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::job_batch))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::outcome_batch))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::update_batch))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::cancel_jobs))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::id_list))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::renew_leases))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::return_orphans))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::watch_request))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::permit))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::permit_report))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::drain_report))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::part_note))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::commit_result))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::final_failure))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::node_list))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::child_list))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::node_lost))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::permit_request))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::void_files))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::provider_query))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::provider_permit))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::provider_report))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::provider_news))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::provider_alert))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::node_report))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::node_order))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::pool_status))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::cancel_runs))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::dispatch_status))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::chaos_order))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::chaos_answer))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::result_query))
  CAF_ADD_TYPE_ID(darkroom, (darkroom::known_result))

  CAF_ADD_ATOM(darkroom, darkroom, stalled, "stalled")
  CAF_ADD_ATOM(darkroom, darkroom, drain, "drain")
  CAF_ADD_ATOM(darkroom, darkroom, end_rest, "end_rest")
  CAF_ADD_ATOM(darkroom, darkroom, pump, "pump")
  CAF_ADD_ATOM(darkroom, darkroom, renew, "renew")
  CAF_ADD_ATOM(darkroom, darkroom, reap, "reap")
  CAF_ADD_ATOM(darkroom, darkroom, overdue, "overdue")
  CAF_ADD_ATOM(darkroom, darkroom, ping, "ping")
  CAF_ADD_ATOM(darkroom, darkroom, poll, "poll")
  CAF_ADD_ATOM(darkroom, darkroom, children, "children")
  CAF_ADD_ATOM(darkroom, darkroom, restart, "restart")
  CAF_ADD_ATOM(darkroom, darkroom, list_nodes, "nodes")
  CAF_ADD_ATOM(darkroom, darkroom, look_pool, "pool")
  CAF_ADD_ATOM(darkroom, darkroom, look_work, "work")
  CAF_ADD_ATOM(darkroom, darkroom, look_mailbox, "mailbox")

  CAF_ADD_TYPE_ID(darkroom, (darkroom::drift_alert))

CAF_END_TYPE_ID_BLOCK(darkroom)
