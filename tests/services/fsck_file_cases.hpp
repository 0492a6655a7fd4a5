/// Files that images lack, and files that no image has: the part of the suites
/// fsck and fsck_postgres that looks into the uploads folder.

CAF_TEST_FIXTURE_SCOPE(fsck_file_tests, fixture)

CAF_TEST(variants that are gone are made again) {
  auto image = complete();
  drop_file(variant_name(image, "lg", "webp"));
  CAF_CHECK(cured() == once("row-without-file"));
  CAF_CHECK(has(list("wait").front(), "fsck-variants-"));
}

CAF_TEST(an image without its original is failed) {
  auto image = complete();
  drop_file(original_of(image));
  put_file("other.txt");
  CAF_CHECK(cured() == once("row-without-file"));
  CAF_CHECK_EQUAL(status_of(image), "failed");
  CAF_CHECK(
    has(must(reader.image(image)).error, "is gone: upload the picture"));
  auto stuck = upload();
  begin(stuck, image_part::metadata);
  drop_file(original_of(stuck));
  CAF_CHECK_EQUAL(found(), ""); // its jobs will tell
  remove_job(stuck + "-metadata");
  remove_job(stuck + "-variants");
  CAF_CHECK(cured() == once("row-without-file"));
  CAF_CHECK_EQUAL(list("wait").size(), 0u);
}

CAF_TEST(where the uploads folder is empty no file counts as gone) {
  auto image = complete();
  std::filesystem::remove_all(config.storage.uploads);
  std::filesystem::create_directories(config.storage.uploads);
  auto report = must(make(true)->all());
  CAF_CHECK_EQUAL(told(report), "");
  CAF_CHECK(has(report.no_files, "is its disk mounted?"));
  CAF_CHECK_EQUAL(status_of(image), "completed");
}

CAF_TEST(a web tier may remove its own file once its picture is done) {
  put_file("2026/cat.jpg");
  must(db.commit(metadata({"7", before, 1}, "a cat"), before, {}));
  must(db.commit(embedding({"8", before, 1}, {1.0F}), before, {}));
  drop_file("2026/cat.jpg");
  put_file("2026/dog.jpg");
  CAF_CHECK_EQUAL(found(), "");
}

CAF_TEST(where most files have no picture none is put away) {
  for (auto i = 0; i < 21; ++i)
    put_file("variants/theirs-" + std::to_string(i) + "/lg.webp");
  auto report = must(make(true)->all());
  CAF_CHECK_EQUAL(told(report), "file-without-row 0 of 21");
  CAF_CHECK(has(report.at(drift_class::file_without_row).trouble,
                "is this the catalog of this uploads folder?"));
  CAF_CHECK(is_there("variants/theirs-0/lg.webp"));
}

CAF_TEST(where most pictures lack their files none is failed) {
  std::vector<std::string> images;
  for (auto i = 0; i < 21; ++i)
    images.push_back(complete());
  for (const auto& image : images)
    drop_file(original_of(image));
  auto report = must(make(true)->all());
  CAF_CHECK_EQUAL(told(report), "row-without-file 0 of 21");
  CAF_CHECK_EQUAL(status_of(images.front()), "completed");
}

CAF_TEST(variants that no image has are put away) {
  auto image = complete();
  put_file(variant_name(image, "xl", "webp"));
  put_file("variants/nobody/.lg.webp.1700000000000-1-7.part");
  CAF_CHECK(
    cured()
    == (strings{"file-without-row 0 of 2", "file-without-row 2 of 2", ""}));
  CAF_CHECK(is_there(variant_name(image, "lg", "webp")));
  CAF_CHECK(!is_there(variant_name(image, "xl", "webp")));
  CAF_CHECK(is_there("lost/" + variant_name(image, "xl", "webp")));
  CAF_CHECK(!is_there("variants/nobody"));
  CAF_CHECK(!is_there("lost/variants/nobody"));
}

CAF_TEST(variants of an image whose id is no file name are its own) {
  const std::string id = "a/b c";
  auto rows = rows_of(id, image_part::variants);
  must(db.commit(rows, before, {}));
  put_file(original_of(id));
  CAF_CHECK_EQUAL(found(), "");
  put_file(variant_folder(id) + "/xl.webp");
  CAF_CHECK_EQUAL(found(), "file-without-row 0 of 1");
}

CAF_TEST(an original that no image has is put away) {
  auto name = original_of(random_id());
  put_file(name);
  CAF_CHECK(cured() == once("file-without-row"));
  CAF_CHECK(!is_there(name));
  CAF_CHECK(is_there("lost/" + name));
}

CAF_TEST(an original of a deleted image is removed) {
  auto image = complete();
  must(
    book.remove(image, before, variant_folder(image),
                [](const std::string& x) { return result<std::string>(x); }));
  CAF_CHECK(
    cured()
    == (strings{"file-without-row 0 of 7", "file-without-row 7 of 7", ""}));
  CAF_CHECK(!is_there(original_of(image)));
  CAF_CHECK(!is_there("lost"));
}

CAF_TEST(a file that a job or another image names stays) {
  auto first = original_of(random_id());
  auto second = original_of(random_id());
  put_file(first);
  put_file(second);
  must(db.begin_part({"7", before, 1}, "other", "./" + first,
                     image_part::metadata, before));
  must(db.fail_part({"7", before, 1}, "other", {}, image_part::metadata, "no",
                    before));
  auto job = job_of("third", image_part::metadata);
  job.data = write_json({{"imageId", "third"}, {"filePath", second}});
  must(queue->add({job}, before));
  CAF_CHECK_EQUAL(found(), "");
}

CAF_TEST_FIXTURE_SCOPE_END()
