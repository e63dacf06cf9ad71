# SPDX-License-Identifier: Apache-2.0
# What is installed besides the programs, and the packages made of it: `cpack` in a build folder of the preset "release", or of
# "release-cuda" where nvcc is, writes a Debian package and an archive. That needs the Debian packages file and dpkg-dev besides those of
# the build.
include(GNUInstallDirs)
set(CMAKE_INSTALL_DOCDIR ${CMAKE_INSTALL_DATADIR}/doc/plimsoll)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/LICENSES DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${PROJECT_SOURCE_DIR}/packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(PLIMSOLL_APP)
  install(FILES packaging/org.plimsoll.plimsoll.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
  install(FILES packaging/org.plimsoll.plimsoll.mime.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages RENAME org.plimsoll.plimsoll.xml)
  install(FILES packaging/org.plimsoll.plimsoll.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
  install(FILES resources/icons/plimsoll.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
endif()

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME plimsoll)
set(CPACK_PACKAGE_VENDOR Plimsoll)
set(CPACK_PACKAGE_CONTACT "The Plimsoll authors <plimsoll@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Shows whether a language model fits this computer, and runs it")
set(CPACK_PACKAGE_DESCRIPTION
"Plimsoll shows, before anything is downloaded, whether a language model fits the
memory of the graphics cards and the computer, and how fast it will be. It runs
and measures models with its own engine.")
set(CPACK_PACKAGE_INSTALL_DIRECTORY plimsoll)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
if(PLIMSOLL_APP)
  # The platform plugins are opened at run time, which shlibdeps does not see.
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "qt6-qpa-plugins")
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "qt6-translations-l10n, fonts-noto-cjk")
endif()
include(CPack)
