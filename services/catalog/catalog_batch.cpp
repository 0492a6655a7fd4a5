// The part of catalog that writes about many images at once.
#include "services/catalog/catalog.hpp"

#include <algorithm>

namespace darkroom {

namespace {

bool is_void(const error& why) {
  return why.code == ec::fenced || why.code == ec::superseded;
}

} // namespace

status catalog::fail_parts(std::vector<part_note> notes, int64_t now) {
  // Each image stays locked until the end. Everybody locks images in the order
  // of their ids, or two writers could wait for each other forever.
  std::stable_sort(notes.begin(), notes.end(),
                   [](const auto& a, const auto& b) {
                     return a.image_id < b.image_id;
                   });
  auto step = transaction::begin(db_);
  if (!step)
    return std::move(step.error());
  for (const auto& x : notes) {
    // If the fence refuses a note, this savepoint undoes what `pass_fence`
    // wrote.
    if (auto marked = db_.execute("SAVEPOINT one_part"); !marked)
      return marked;
    target at{x.stamp, x.image_id, x.file_path, x.part, now};
    auto before = pass_fence(at);
    if (!before && !is_void(before.error()))
      return std::move(before.error());
    if (before)
      if (auto done = settle(at, work_status::failed, x.error); !done)
        return done;
    auto ended = db_.execute(before ? "RELEASE SAVEPOINT one_part"
                                    : "ROLLBACK TO SAVEPOINT one_part; "
                                      "RELEASE SAVEPOINT one_part");
    if (!ended)
      return ended;
  }
  return step->commit();
}

} // namespace darkroom
