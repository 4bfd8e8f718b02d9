# What a program outside needs to read the metadata on buffers: headers, one static library, a CMake package (gst-deid,
# target gst-deid::metadata) and gst-deid.pc. docs/metadata.md shows a program that uses them.
set(DEID_INCLUDE_DIR ${CMAKE_INSTALL_INCLUDEDIR}/gst-deid)
set(DEID_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/gst-deid)

# The objects of three rooms in one file, so that a program links one library.
add_library(deid_metadata STATIC
  $<TARGET_OBJECTS:deid_video> $<TARGET_OBJECTS:deid_meta_values> $<TARGET_OBJECTS:deid_meta>)
set_target_properties(deid_metadata PROPERTIES LINKER_LANGUAGE CXX OUTPUT_NAME gst-deid-metadata)
add_dependencies(deid deid_metadata) # `build` names the targets it makes; `cmake --install` needs this one, too

install(TARGETS deid_metadata ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
foreach(header meta/face_meta meta/face_region meta/fingerprint meta/pose meta/pose_meta video/frame_view)
  cmake_path(GET header PARENT_PATH room)
  install(FILES elements/${header}.hpp DESTINATION ${DEID_INCLUDE_DIR}/elements/${room})
endforeach()

include(CMakePackageConfigHelpers)
configure_package_config_file(cmake/gst-deidConfig.cmake.in ${CMAKE_BINARY_DIR}/gst-deidConfig.cmake
  INSTALL_DESTINATION ${DEID_PACKAGE_DIR} PATH_VARS DEID_INCLUDE_DIR CMAKE_INSTALL_LIBDIR)
# Before 1.0 a minor version may change the layout of the metadata.
write_basic_package_version_file(${CMAKE_BINARY_DIR}/gst-deidConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/gst-deidConfig.cmake ${CMAKE_BINARY_DIR}/gst-deidConfigVersion.cmake
  DESTINATION ${DEID_PACKAGE_DIR})

file(RELATIVE_PATH DEID_PREFIX_FROM_PC /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/gst-deid.pc.in ${CMAKE_BINARY_DIR}/gst-deid.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/gst-deid.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
