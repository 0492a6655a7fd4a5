/// What is sent when a job has failed for good: the catalog gets a note about
/// the picture's part, and the web tier gets an event. The dispatcher, the HTTP
/// API and the commands all make them here, and send them in different ways.
#pragma once

#include "actors/jobs/job_subject.hpp"
#include "messages/cluster.hpp"
#include "messages/event.hpp"
#include "services/redis/removed_job.hpp"
#include "services/redis/stored_job.hpp"

#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// A job that has failed for good.
struct failed_job {
  attempt_stamp stamp;
  std::string name;
  job_subject subject;
  std::string why;
};

failed_job failed_job_of(const stored_job& x, std::string why);
failed_job failed_job_of(const removed_job& x, std::string why);

/// How logs name a job: "job 4 (crash)", "job 5 (generate-metadata) of image
/// 'cat'".
std::string logged_name(const std::string& job_id, const std::string& name,
                        const std::string& image_id);

/// The failure reason of a job that was removed before it had ended.
inline constexpr const char* removed_reason = "the job was removed";

/// The names of the jobs that make a part of a picture.
std::vector<std::string> picture_job_names();

/// The note for the catalog; nothing if the job does not make a part of a
/// picture.
std::optional<part_note> failure_note(const failed_job& x);

/// The event for the web tier about a job that failed without a run, because it
/// was cancelled or removed.
worker_event failure_event(const failed_job& x, int64_t now);

} // namespace darkroom
