# SPDX-License-Identifier: MIT
"""Every conformance class that is claimed is proved by a test, and what is proved for a class is claimed."""

from __future__ import annotations

import pytest

from server.config import ROOT
from server.ogcapi.adapt import list_conformance

SPEC = "http://www.opengis.net/spec/"
HERE = "protocol/ogcapi"
LINKS = f"{HERE}/test_documents.py::test_every_link_to_us_answers_with_the_type_it_promises"
OPENAPI = f"{HERE}/test_openapi.py::test_readers_get_what_the_document_says"
PAGES = f"{HERE}/test_documents.py::test_documents_are_also_pages_without_foreign_scripts"
CORPUS = f"{HERE}/test_filter.py::test_every_pair_of_the_corpus_finds_the_same_features_in_both_languages"
TILES = "protocol/tiles/test_ogcapi_tiles.py"
STYLES = f"{HERE}/test_styles.py::test_the_sld_is_the_file_as_it_was_written_and_the_mapbox_document_that_of_the_tiles"
JOBS = f"{HERE}/test_processes.py::test_a_job_is_worked_out_in_the_background_fetched_and_dismissed"
SETS = f"{TILES}::test_tile_matrix_sets_are_defined_as_the_standard_defines_them"
CONFLICTS = f"{HERE}/test_editing_conflicts.py"
LIMITS = f"{TILES}::test_lists_of_tilesets_say_where_tiles_are_and_outside_there_are_none"
SUBSETS = f"{HERE}/test_coverages.py::test_a_subset_in_the_coordinates_of_the_storage_is_cut_to_whole_cells"
PROOFS = {
    "ogcapi-common-1/1.0": {
        "core": LINKS,
        "landing-page": f"{HERE}/test_documents.py::test_the_landing_page_leads_to_everything",
        "json": LINKS,
        "html": PAGES,
        "oas30": OPENAPI,
    },
    "ogcapi-common-2/1.0": {"collections": f"{HERE}/test_documents.py::test_collections_are_the_open_published_layers_with_their_extents"},
    "ogcapi-common-3/1.0": {"schemas": f"{HERE}/test_documents.py::test_the_schema_tells_geometry_types_and_codes"},
    "ogcapi-features-1/1.0": {
        "core": f"{HERE}/test_items.py::test_next_links_visit_every_feature_once_and_prev_links_lead_back",
        "geojson": f"{HERE}/test_formats.py::test_a_page_and_one_feature_come_in_the_same_format_by_f_and_by_accept",
        "html": f"{HERE}/test_documents.py::test_pages_of_features_show_labels_and_code_titles_and_escape_texts",
        "oas30": OPENAPI,
    },
    "json-fg-1/1.0": {
        "core": f"{HERE}/test_formats.py::test_json_fg_puts_other_crss_into_place",
        "types-schemas": f"{HERE}/test_formats.py::test_json_fg_says_what_the_features_are_and_when",
    },
    "ogcapi-features-2/1.0": {"crs": f"{HERE}/test_items.py::test_one_feature_has_its_links_and_the_crs_asked_for"},
    "ogcapi-features-3/1.0": {
        "queryables": f"{HERE}/test_documents.py::test_the_schema_tells_geometry_types_and_codes",
        "queryables-query-parameters": f"{HERE}/test_items.py::test_fields_and_times_filter",
        "filter": CORPUS,
        "features-filter": CORPUS,
    },
    "cql2/1.0": {
        **dict.fromkeys(("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison"), CORPUS),
        **dict.fromkeys(("accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus"), CORPUS),
        **dict.fromkeys(("spatial-functions", "temporal-functions", "property-property", "functions", "arithmetic"), CORPUS),
        "array-functions": f"{HERE}/test_records.py::test_properties_with_several_values_are_compared_as_lists_in_both_languages",
        # the names of the drafts
        **dict.fromkeys(("basic-spatial-operators", "spatial-operators", "temporal-operators"), CORPUS),
    },
    "ogcapi-features-4/1.0": {
        "create-replace-delete": f"{HERE}/test_editing.py::test_put_replaces_the_whole_feature",
        "update": f"{HERE}/test_editing.py::test_patch_changes_what_it_names_and_nothing_else",
        "features": f"{HERE}/test_editing.py::test_the_content_crs_decides_units_and_axis_order",
        "optimistic-locking-etags": f"{CONFLICTS}::test_a_change_made_for_another_version_is_refused_and_both_are_named",
    },
    "ogcapi-features-5/1.0": {
        "schemas": f"{HERE}/test_documents.py::test_the_schema_tells_geometry_types_and_codes",
        "queryables": f"{HERE}/test_filter_refusals.py::test_a_filter_in_json_that_cannot_be_answered_is_refused",
        "sortables": f"{HERE}/test_documents.py::test_sortables_are_the_fields_sortby_takes",
    },
    "ogcapi-tiles-1/1.0": {
        "core": f"{TILES}::test_tiles_are_those_of_the_other_addresses",
        "tileset": f"{TILES}::test_a_tileset_says_what_its_tiles_carry_and_where",
        "tilesets-list": LIMITS,
        "dataset-tilesets": f"{TILES}::test_links_lead_from_the_landing_page_and_collections_to_tiles",
        "geodata-tilesets": f"{TILES}::test_links_lead_from_the_landing_page_and_collections_to_tiles",
        "oas30": f"{TILES}::test_the_api_description_and_the_conformance_name_the_tiles",
        "mvt": f"{TILES}::test_vector_tiles_are_cut_by_every_set",
        "png": f"{TILES}::test_the_client_chooses_the_format_of_maps",
    },
    "tms/2.0": {"tilematrixset": SETS, "json-tilematrixset": SETS, "tilematrixsetlimits": LIMITS, "json-tilematrixsetlimits": LIMITS},
    "ogcapi-records-1/1.0": {
        "record-core": f"{HERE}/test_records.py::test_every_published_open_layer_is_a_record",
        "record-collection": f"{HERE}/test_records.py::test_pages_lead_through_all_records",
        "record-core-query-parameters": f"{HERE}/test_records.py::test_records_are_found_by_words_kind_id_place_and_time",
        "sorting": f"{HERE}/test_records.py::test_records_are_filtered_and_sorted_as_features_are",
        "json": f"{HERE}/test_records.py::test_every_link_of_the_catalogue_and_a_record_answers_with_the_type_it_promises",
        "html": f"{HERE}/test_records.py::test_pages_are_for_people",
    },
    "ogcapi-coverages-1/1.0": {
        "core": f"{HERE}/test_coverages.py::test_rasters_are_collections_with_links_that_answer",
        "subsetting": SUBSETS,
        "scaling": f"{HERE}/test_coverages.py::test_sizes_are_made_smaller_and_holes_stay_holes",
        "fieldselection": f"{HERE}/test_coverages.py::test_fields_are_chosen_and_keep_their_names",
        "geotiff": f"{HERE}/test_coverages.py::test_the_whole_comes_as_it_was_loaded",
        "coveragejson": f"{HERE}/test_coverages.py::test_coverage_json_says_the_same_values_with_null_for_no_data",
    },
    "ogcapi-processes-1/1.0": {
        "core": f"{HERE}/test_processes.py::test_a_buffer_has_the_area_of_its_circle_and_keeps_properties",
        "ogc-process-description": f"{HERE}/test_processes.py::test_processes_are_described_with_links_that_answer",
        "json": JOBS,
        "oas30": OPENAPI,
        "job-list": f"{HERE}/test_processes.py::test_jobs_of_an_account_are_for_that_account_and_listed_to_it_alone",
        "dismiss": f"{HERE}/test_processes.py::test_a_job_dismissed_before_its_turn_is_never_begun",
    },
    "ogcapi-styles-1/1.0": {
        "core": f"{HERE}/test_styles.py::test_a_collection_lists_its_own_styles_and_the_default",
        "mapbox-style": STYLES,
        "sld-10": STYLES,
        "sld-11": STYLES,
        "html": f"{HERE}/test_styles.py::test_pages_show_maps_and_legends_in_both_languages",
    },
}
CLAIMED = [(f"{SPEC}{standard}/conf/{name}", proof) for standard, classes in PROOFS.items() for name, proof in classes.items()]


def test_the_classes_claimed_are_those_proved() -> None:
    assert sorted(list_conformance()) == sorted(uri for uri, _ in CLAIMED)


@pytest.mark.parametrize("proof", sorted({proof for _, proof in CLAIMED}))
def test_a_proof_is_there(proof: str) -> None:
    path, _, name = proof.partition("::")
    assert f"\ndef {name}(" in (ROOT / "tests" / path).read_text(encoding="utf-8")
