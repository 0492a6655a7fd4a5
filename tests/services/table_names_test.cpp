#define CAF_SUITE table_names

#include "services/catalog/table_names.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

CAF_TEST(our tables and what is called after them get the prefix) {
  table_names names{"dr_"};
  CAF_CHECK_EQUAL(names.rename("SELECT images.id FROM images"),
                  "SELECT dr_images.id FROM dr_images");
  CAF_CHECK_EQUAL(names.rename("CREATE INDEX images_by_age ON images (id)"),
                  "CREATE INDEX dr_images_by_age ON dr_images (id)");
  CAF_CHECK_EQUAL(names.rename("to_regclass('image_parts')"),
                  "to_regclass('dr_image_parts')");
  CAF_CHECK_EQUAL(names.rename("FROM darkroom_schema"), "FROM dr_schema");
}

CAF_TEST(other names stay) {
  table_names names{"dr_"};
  for (const auto* sql :
       {"SELECT image_id, imagesque FROM my_images", "UPDATE \"images\" SET x",
        "SELECT 'images and image_parts', 'it''s'", "-- images\nSELECT $1",
        "SELECT 'open", ""})
    CAF_CHECK_EQUAL(names.rename(sql), sql);
  CAF_CHECK_EQUAL(table_names{""}.rename("FROM images"), "FROM images");
}

CAF_TEST(beside the tables of others ours have a prefix) {
  catalog_settings cfg;
  CAF_CHECK_EQUAL(table_prefix(cfg), "");
  cfg.tables = "adopt";
  CAF_CHECK_EQUAL(table_prefix(cfg), "darkroom_");
  cfg.prefix = "dr_";
  CAF_CHECK_EQUAL(table_prefix(cfg), "dr_");
}
