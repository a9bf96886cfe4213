"""Where people of the example county are sent, as questions to its database."""

WARD_OF_THE_HEAD = """
    SELECT institution.id || ':' || department.id FROM facilities_department AS department
    JOIN facilities_institution AS institution ON institution.id = department.institution_id
    WHERE institution.code = 'LN-RMYY' AND department.code = 'XXG'
"""
