/// What is found between catalog, queue and files, and how it is repaired: the
/// suites fsck and fsck_postgres; who includes this says which `fixture` it is.

using namespace darkroom;

namespace {

/// A class that was found once, repaired, and not found again.
strings once(const std::string& name) {
  return {name + " 0 of 1", name + " 1 of 1", ""};
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(fsck_tests, fixture)

CAF_TEST(where all agree nothing is found) {
  CAF_CHECK_EQUAL(found(), "");
  upload();
  complete();
  auto failed = upload();
  must(db.fail_part(stamp_of(failed, image_part::metadata, before), failed, {},
                    image_part::metadata, "no provider", before));
  remove_job(failed + "-metadata");
  put_file("2026/theirs.jpg"); // the web tier's
  put_file("originals/theirs.jpg");
  CAF_CHECK_EQUAL(found(), "");
  CAF_CHECK_EQUAL(repaired(), "");
}

CAF_TEST(a part that is processing without a job gets one) {
  auto image = upload();
  begin(image, image_part::metadata);
  CAF_CHECK_EQUAL(found(), "");
  remove_job(image + "-metadata");
  CAF_CHECK(cured() == once("stuck-processing"));
  auto added = list("wait").front();
  CAF_CHECK(has(added, "fsck-metadata-"));
  CAF_CHECK_EQUAL(field(added, "name"), "generate-metadata");
  CAF_CHECK_EQUAL(field(added, "data"), data_of(image));
  CAF_CHECK_EQUAL(field(added, "timestamp"), std::to_string(clock));
}

CAF_TEST(a job in any state that has not ended makes its part) {
  auto image = upload();
  begin(image, image_part::metadata);
  auto id = image + "-metadata";
  raw({"LREM", P + "wait", "0", id});
  for (const auto* set : {"delayed", "prioritized", "waiting-children"}) {
    raw({"ZADD", P + set, "1", id});
    CAF_CHECK_EQUAL(found(), "");
    raw({"ZREM", P + set, id});
  }
  for (const auto* key : {"active", "paused", "wait"}) {
    raw({"LPUSH", P + key, id});
    CAF_CHECK_EQUAL(found(), "");
    raw({"LREM", P + key, "0", id});
  }
  CAF_CHECK_EQUAL(found(), "stuck-processing 0 of 1");
}

CAF_TEST(a job of another queue with the same prefix counts) {
  auto image = upload();
  raw({"RENAME", P + "wait", "bull:other:wait"});
  raw({"HSET", "bull:other:meta", "version", "1"});
  for (const auto* part : {"-metadata", "-variants"})
    raw({"RENAME", P + image + part, "bull:other:" + image + part});
  CAF_CHECK_EQUAL(found(), "");
  raw({"DEL", "bull:other:wait"});
  CAF_CHECK_EQUAL(found(), ""); // that queue's own fsck knows them
  for (const auto* part : {"-metadata", "-variants"})
    raw({"DEL", "bull:other:" + image + part});
  CAF_CHECK_EQUAL(found(), "image-without-jobs 0 of 1");
}

CAF_TEST(a job that has failed is noted and not run again) {
  auto image = upload();
  begin(image, image_part::metadata);
  auto id = image + "-metadata";
  raw({"LREM", P + "wait", "0", id});
  raw({"ZADD", P + "failed", std::to_string(before), id});
  raw({"HSET", P + id, "finishedOn", std::to_string(before), "failedReason",
       "no such model", "ats", "2"});
  CAF_CHECK(cured() == once("stuck-processing"));
  auto now = must(reader.image(image));
  CAF_CHECK_EQUAL(now.status, "failed");
  CAF_CHECK_EQUAL(now.error, "no such model");
  CAF_CHECK_EQUAL(list("wait").size(), 1u); // its variants
}

CAF_TEST(an upload whose jobs are lost gets those it lacks) {
  auto image = upload();
  remove_job(image + "-variants");
  CAF_CHECK(cured() == once("image-without-jobs"));
  CAF_CHECK(has(list("wait").front(), "fsck-variants-"));
  raw({"FLUSHALL"});
  CAF_CHECK(cured() == once("image-without-jobs"));
  CAF_CHECK_EQUAL(list("wait").size(), 2u);
}

CAF_TEST(metadata whose next job is lost get it) {
  auto image = upload();
  commit(image, image_part::metadata);
  CAF_CHECK_EQUAL(found(), ""); // its job will add it
  remove_job(image + "-metadata");
  CAF_CHECK(cured() == once("image-without-jobs"));
  auto data = must(parse_json(field(list("wait").front(), "data")));
  CAF_CHECK_EQUAL(data["metadata"]["searchableText"], "red bicycle");
  CAF_CHECK_EQUAL(data["imageId"], image);
}

CAF_TEST(an image of the web tier needs no job that nobody added) {
  put_file("2026/cat.jpg");
  must(db.commit(metadata({"7", before, 1}, "a cat"), before, {}));
  must(db.commit(embedding({"8", before, 1}, {1.0F}), before, {}));
  CAF_CHECK_EQUAL(found(), "");
}

CAF_TEST(a job of a deleted image is removed) {
  auto image = upload();
  must(
    book.remove(image, before, variant_folder(image),
                [](const std::string& x) { return result<std::string>(x); }));
  drop_file(original_of(image));
  CAF_CHECK(
    cured()
    == (strings{"job-without-image 0 of 2", "job-without-image 2 of 2", ""}));
  CAF_CHECK(!exists(image + "-metadata"));
}

CAF_TEST(a job without row and file fails for good) {
  auto job = job_of("cat", image_part::metadata);
  must(queue->add({job}, before));
  put_file(original_of("cat"));
  CAF_CHECK_EQUAL(found(), ""); // its row comes with its first run
  drop_file(original_of("cat"));
  auto later = job_of("dog", image_part::metadata);
  later.delay_ms = clock - before + 1;
  must(queue->add({later}, before)); // its file may still come
  CAF_CHECK(cured() == once("job-without-image"));
  CAF_CHECK(has(field(job.id, "failedReason"), "neither a row nor the file"));
}

CAF_TEST(a job that runs is left alone) {
  must(queue->add({job_of("cat", image_part::metadata)}, before));
  put_file("other.txt");
  must(queue->step({{}, {}, 1, "t:1"}, before));
  CAF_CHECK_EQUAL(found(), "");
}

CAF_TEST(vectors and rows without an image are removed) {
  auto image = complete();
  write("DELETE FROM images WHERE id = '" + image + "'");
  auto change = must(reader.state()).change;
  per_drift<bool> wanted{};
  wanted[static_cast<size_t>(drift_class::vector_without_row)] = true;
  wanted[static_cast<size_t>(drift_class::row_without_image)] = true;
  CAF_CHECK_EQUAL(told(must(make(true, wanted)->all())),
                  "vector-without-row 1 of 1, row-without-image 1 of 1");
  CAF_CHECK_EQUAL(told(must(make(true, wanted)->all())), "");
  CAF_CHECK_EQUAL(must(reader.state()).change, change + 1);
  CAF_CHECK_EQUAL(must(reader.count_texts()), 0);
}

CAF_TEST(a completed part without rows is made again) {
  auto image = complete();
  write("DELETE FROM embeddings");
  CAF_CHECK(cured() == once("part-without-rows"));
  CAF_CHECK_EQUAL(field(list("wait").front(), "name"), "generate-embeddings");
  CAF_CHECK_EQUAL(status_of(image), "completed");
}

CAF_TEST(a status that does not follow from the parts is derived anew) {
  auto image = complete();
  write("UPDATE images SET status = 'processing'");
  CAF_CHECK(cured() == once("wrong-status"));
  CAF_CHECK_EQUAL(status_of(image), "completed");
}

CAF_TEST(jobs that stay in the outbox are added with their time) {
  auto image = store();
  CAF_CHECK(cured()
            == (strings{"stuck-outbox 0 of 2", "stuck-outbox 2 of 2", ""}));
  CAF_CHECK_EQUAL(field(image + "-metadata", "timestamp"),
                  std::to_string(before));
  CAF_CHECK_EQUAL(list("wait").size(), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
