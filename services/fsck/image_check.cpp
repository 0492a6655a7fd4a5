#include "services/fsck/image_check.hpp"

#include "services/fsck/image_judge.hpp"
#include "services/fsck/image_mender.hpp"
#include "services/fsck/orphan_rows.hpp"
#include "services/storage/names.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

constexpr uint64_t images_a_look
  = 500; // images; a row with its parts takes about 1 KB

std::string evidence_of(const audited_image& x) {
  auto out = x.status + ' ' + std::to_string(x.changed_at) + ' ' + x.file_path;
  for (const auto& row : x.parts)
    out += '\n' + std::string{to_string(row.part)} + ' ' + to_string(row.status)
           + ' ' + describe(row.stamp);
  return out;
}

image_verdict judge_now(const fsck_stores& stores, const audited_image& x,
                        const fsck_look& at) {
  if (at.is_fresh(x.changed_at))
    return {};
  image_evidence by{at.jobs, {}, at.wanted};
  if (stores.storage)
    by.is_gone = [&stores](const std::string& name) {
      return stores.is_gone(name);
    };
  return judge(x, by);
}

/// Looks what became of the jobs of parts that need one. A job that failed is
/// noted, and not added once more.
/// @returns false if a job is at work, or ended just now
result<bool> look_at_jobs(fsck_stores& stores, const audited_image& x,
                          const fsck_look& at, image_verdict& verdict) {
  auto make = std::exchange(verdict.make, {});
  for (auto part : make) {
    const auto* row = x.find(part);
    if (row != nullptr && row->status == work_status::completed) {
      verdict.make.push_back(part); // its job did what it could
      continue;
    }
    auto id = row != nullptr ? row->stamp.job_id : x.id + '-' + to_string(part);
    auto fate = stores.census.fate_of(id);
    if (!fate)
      return std::move(fate.error());
    if (fate->place == job_place::queued || at.is_fresh(fate->ended_at))
      return false;
    if (!fate->has_hash) {
      auto elsewhere = stores.census.is_elsewhere(id, stores.queues);
      if (!elsewhere)
        return std::move(elsewhere.error());
      if (*elsewhere)
        return false; // its queue's own fsck knows what became of it
    }
    if (fate->place == job_place::failed
        && (row == nullptr || fate->timestamp == row->stamp.job_timestamp))
      verdict.fail.push_back(
        {part, {id, fate->timestamp, fate->attempt}, fate->reason});
    else
      verdict.make.push_back(part);
  }
  return true;
}

suspect suspect_of(fsck_stores& stores, const audited_image& x,
                   const image_verdict& verdict);

result<std::optional<suspect>>
look_again(fsck_stores& stores, const std::string& id, const fsck_look& at) {
  auto now = stores.audit.image(id);
  if (!now)
    return std::move(now.error());
  if (now->empty())
    return std::optional<suspect>{};
  const auto& x = now->front();
  auto verdict = judge_now(stores, x, at);
  if (!verdict.which)
    return std::optional<suspect>{};
  auto stays = look_at_jobs(stores, x, at, verdict);
  if (!stays)
    return std::move(stays.error());
  if (!*stays)
    return std::optional<suspect>{};
  auto out = suspect_of(stores, x, verdict);
  out.mend = [&stores, x, verdict, now = at.now] {
    return mend_image(stores, x, verdict, now);
  };
  return std::optional{std::move(out)};
}

suspect suspect_of(fsck_stores& stores, const audited_image& x,
                   const image_verdict& verdict) {
  suspect out;
  out.which = *verdict.which;
  out.subject = x.id;
  out.what = verdict.what;
  out.evidence = evidence_of(x);
  out.again = [&stores, id = x.id](const fsck_look& at) {
    return look_again(stores, id, at);
  };
  return out;
}

} // namespace

result<bool> image_check::look(uint64_t most, const fsck_look& at,
                               suspects& out) {
  auto size = static_cast<int64_t>(std::min(most, images_a_look));
  auto images = stores_.audit.images(last_, size);
  if (!images)
    return std::move(images.error());
  for (const auto& x : *images)
    if (auto verdict = judge_now(stores_, x, at); verdict.which)
      out.push_back(suspect_of(stores_, x, verdict));
  seen_ += images->size();
  auto is_end = static_cast<int64_t>(images->size()) < size;
  auto until = is_end ? std::string{} : images->back().id;
  if (auto done = find_orphans(stores_, last_, until, at, out); !done)
    return std::move(done.error());
  last_ = until;
  return is_end;
}

} // namespace darkroom
