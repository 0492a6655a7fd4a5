# What `cmake --install` and the Debian package hold:
#
#   bin/darkroom             finds all else from its own place, so that the whole
#                            prefix may be copied elsewhere
#   lib/darkroom/            darkroom-codec, libvips, ONNX Runtime
#   share/darkroom/          models, samples
#   share/doc/darkroom/      pages, licences, examples
#   share/man, share/…       the manual page and completions, made by the program
set(DARKROOM_MODELS "${PROJECT_SOURCE_DIR}/deps/models" CACHE PATH
  "What deploy/fetch-models fetched; installed if it is there")

install(TARGETS darkroom RUNTIME DESTINATION bin)
if(TARGET darkroom-codec)
  install(TARGETS darkroom-codec RUNTIME DESTINATION lib/darkroom)
  if(DARKROOM_VIPS STREQUAL "npm")
    set_target_properties(darkroom-codec PROPERTIES INSTALL_RPATH "$ORIGIN")
    get_target_property(vips_library Vips::vips IMPORTED_LOCATION)
    get_filename_component(vips_folder "${vips_library}" DIRECTORY)
    install(FILES "${vips_library}" DESTINATION lib/darkroom)
    install(FILES "${vips_folder}/../README.md" DESTINATION share/doc/darkroom/licences
      RENAME libvips)
  endif()
endif()

set(doc share/doc/darkroom)
install(DIRECTORY docs/ DESTINATION ${doc}/docs)
install(FILES README.md CHANGELOG.md config/darkroom.toml DESTINATION ${doc})
install(FILES deploy/debian/copyright DESTINATION ${doc})
install(FILES nodes/dashboard/THIRD_PARTY.md DESTINATION ${doc}/licences RENAME page)
install(DIRECTORY deploy/grafana deploy/prometheus deploy/nginx deploy/redis deploy/docker
  deploy/kubernetes DESTINATION ${doc}/examples)
install(DIRECTORY deploy/samples DESTINATION share/darkroom)

# Models, manual page and completions: only known when it is installed.
foreach(name DARKROOM_MODELS PROJECT_BINARY_DIR)
  install(CODE "set(${name} \"${${name}}\")")
endforeach()
install(CODE "set(program \"$<TARGET_FILE:darkroom>\")")
install(SCRIPT cmake/install_made.cmake)

# Only in the Debian package.
foreach(unit main worker solo)
  install(FILES deploy/systemd/darkroom-${unit}.service DESTINATION lib/systemd/system
    COMPONENT service EXCLUDE_FROM_ALL)
endforeach()
install(DIRECTORY deploy/systemd/darkroom-.service.d DESTINATION lib/systemd/system
  COMPONENT service EXCLUDE_FROM_ALL)
install(FILES deploy/debian/darkroom.toml DESTINATION /etc/darkroom
  COMPONENT service EXCLUDE_FROM_ALL)
install(FILES deploy/debian/environment DESTINATION /etc/darkroom
  PERMISSIONS OWNER_READ OWNER_WRITE COMPONENT service EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME darkroom)
set(CPACK_PACKAGE_CONTACT "Darkroom contributors <darkroom@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "cluster of background workers for pictures")
set(CPACK_PACKAGE_DESCRIPTION "Takes jobs from a BullMQ queue in Redis and makes metadata, responsive\n\
variants and embeddings of pictures, on one machine or on many.")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL Unspecified service)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
set(CPACK_DEBIAN_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, tzdata")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, redis-server")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${vips_folder}")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(script conffiles postinst prerm postrm)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${PROJECT_SOURCE_DIR}/deploy/debian/${script}")
endforeach()
include(CPack)
